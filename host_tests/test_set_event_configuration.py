"""Set Event Configuration: the four ways to say what it applies to, all or nothing, within the limits of GCS20.

Source: ZSE D.9 (Set Event Configuration, sub-payload by control), GBCS GCS20; 87 for a value out of range, 8B for a
code, group, log or match that reaches nothing, 80 for a count of 0. After every step the whole set is read and
compared, so a refused Set is seen to have changed nothing. How the store's failures show is in
test_event_configuration.py.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import pytest

from gsme_host.bench import Bench
from gsme_host.meter import Meter
from gsme_host.zcl import Status
from host_tests.judges.event_list import CONFIGURABLE, CRITICAL, PUBLISHED_ORDER
from host_tests.support import event_configuration as ec

DONE: Final = ec.default_response(ec.SET, Status.SUCCESS)
INVALID: Final = ec.default_response(ec.SET, Status.INVALID_VALUE)
NOT_FOUND: Final = ec.default_response(ec.SET, Status.NOT_FOUND)
MALFORMED: Final = ec.default_response(ec.SET, Status.MALFORMED_COMMAND)

ALLOWED: Final = tuple(byte for byte in range(256) if ec.allowed(byte))
FIRST_TIME: Final = 0x1C374A80  # 2015-01-01: what a clock that was never set last knew
NOW: Final = 0x30000000
DISABLED: Final = 0x19  # frame control with the Default Response disabled
RANDOM_SETS: Final = 300
SEEDS: Final = (1, 78)
LONGEST_LIST: Final = 255
THREE: Final = (0x81AA, 0x81AB, 0x81C4)

STEPS: Final = [  # action, frame sent, its answer, the codes that are changed, to which byte
    ("a list of three", "09 01 04 804A371C 00000000 5B 00 03 AA81 AB81 C481", "00 01 0B 04 00", THREE, 0x5B),
    ("one, issuer event unlike now", "09 02 04 FFFFFFFF 00000000 08 00 01 4581", "00 02 0B 04 00", (0x8145,), 0x08),
    ("one twice in a list", "09 03 04 00000000 00000000 03 00 02 0D81 0D81", "00 03 0B 04 00", (0x810D,), 0x03),
    ("the group", "09 04 04 804A371C 00000000 0B 01 FF81", "00 04 0B 04 00", PUBLISHED_ORDER, 0x0B),
    ("every group", "09 05 04 804A371C 00000000 08 01 FFFF", "00 05 0B 04 00", PUBLISHED_ORDER, 0x08),
    ("the codes in no log", "09 06 04 804A371C 00000000 1B 02 00", "00 06 0B 04 00", PUBLISHED_ORDER, 0x1B),
    ("the codes in log 3", "09 07 04 804A371C 00000000 00 02 03", "00 07 0B 04 00", PUBLISHED_ORDER, 0x00),
    ("the codes set to 00", "09 08 04 804A371C 00000000 40 03 00", "00 08 0B 04 00", PUBLISHED_ORDER, 0x40),
    ("with bytes behind its end", "09 09 04 804A371C 00000000 0B 00 01 0D81 0E", "00 09 0B 04 00", (0x810D,), 0x0B),
    ("a group that is one code", "09 0A 04 804A371C 00000000 0B 01 0D81", "00 0A 0B 04 8B", (), 0),
    ("a group of no codes", "09 0B 04 804A371C 00000000 0B 01 FF82", "00 0B 0B 04 8B", (), 0),
    ("a log that no code is in", "09 0C 04 804A371C 00000000 0B 02 04", "00 0C 0B 04 8B", (), 0),
    ("a byte that no code has", "09 0D 04 804A371C 00000000 0B 03 13", "00 0D 0B 04 8B", (), 0),
    ("a count of 0", "09 0E 04 804A371C 00000000 0B 00 00", "00 0E 0B 04 80", (), 0),
    ("a count of 0 with a code", "09 0F 04 804A371C 00000000 0B 00 00 0D81", "00 0F 0B 04 80", (), 0),
    ("a count of 2 with one code", "09 10 04 804A371C 00000000 0B 00 02 0D81", "00 10 0B 04 80", (), 0),
    ("a list without a count", "09 11 04 804A371C 00000000 0B 00", "00 11 0B 04 80", (), 0),
    ("half a group", "09 12 04 804A371C 00000000 0B 01 FF", "00 12 0B 04 80", (), 0),
    ("no log", "09 13 04 804A371C 00000000 0B 02", "00 13 0B 04 80", (), 0),
    ("no control", "09 14 04 804A371C 00000000 0B", "00 14 0B 04 80", (), 0),
    ("cut short and out of range", "09 15 04 804A371C FFFFFFFF FF 00 00", "00 15 0B 04 80", (), 0),
    ("control 04, nothing behind it", "09 16 04 804A371C 00000000 0B 04", "00 16 0B 04 87", (), 0),
]


def assert_held(meter: Meter, rows: ec.Configurations, what: str) -> None:
    """The whole set is `rows`."""
    assert meter.ask(ec.get(0xFFFF), cluster=ec.CLUSTER) == ec.report(rows), what


def test_steps(meter: Meter) -> None:
    rows = ec.factory()
    for action, sent, answer, codes, configuration in STEPS:
        assert meter.ask(sent, cluster=ec.CLUSTER) == [bytes.fromhex(answer)], action
        rows |= dict.fromkeys(codes, configuration)
        assert_held(meter, rows, action)


def test_each_way_reaches_what_it_names_and_nothing_else(meter: Meter, bench: Bench) -> None:
    ways: list[tuple[Callable[[int, int], bytes], int, range]] = [
        (ec.set_log, ec.LOG, range(256)),
        (ec.set_match, ec.MATCH, range(256)),
        (ec.set_group, ec.GROUP, range(0x00FF, 0x10000, 0x100)),
    ]
    outcomes = {DONE: 0, NOT_FOUND: 0}
    for frame_of, control, values in ways:
        for value in values:
            rows = ec.factory()
            codes = ec.reached(rows, control, value)
            answer = DONE if codes else NOT_FOUND
            assert meter.ask(frame_of(0x58, value), cluster=ec.CLUSTER) == [answer], f"control {control}: {value:02X}"
            assert_held(meter, rows | dict.fromkeys(codes, 0x58), f"control {control}: {value:02X}")
            outcomes[answer] += 1
            if codes:
                bench.factory_reset()
    assert outcomes == {DONE: 2 + 6 + 2, NOT_FOUND: 3 * 256 - 10}  # logs 0 and 3; the bytes in use; 81FF and FFFF


def test_the_configuration_bytes_that_GCS20_allows(meter: Meter) -> None:
    rows = ec.factory()
    for configuration in range(256):
        answer = DONE if configuration in ALLOWED else INVALID
        frame = ec.set_list(configuration, [0x81A0])
        assert meter.ask(frame, cluster=ec.CLUSTER) == [answer], f"{configuration:02X}"
        rows |= {0x81A0: configuration} if answer == DONE else {}
        assert_held(meter, rows, f"{configuration:02X}")
    assert len(ALLOWED) == 16  # WAN, HAN and the alarm, in Event Log or none


def test_a_control_above_3_is_out_of_range(meter: Meter) -> None:
    for control in range(4, 256):
        for rest in (b"", b"\x01\x0d\x81"):
            frame = ec.set_frame(0x0B, control, rest)
            assert meter.ask(frame, cluster=ec.CLUSTER) == [INVALID], f"{control:02X} {rest.hex()}"
    assert_held(meter, ec.factory(), "nothing was set")


def test_a_start_in_the_future_is_out_of_range(meter: Meter, bench: Bench) -> None:
    """While the clock is invalid the future begins behind the last known time."""
    rows = ec.factory()
    for now in (FIRST_TIME, NOW):
        if now != FIRST_TIME:
            bench.set_clock(now)
        future = now + 1 if now == FIRST_TIME else now + 0x1000  # a clock that runs might catch up
        for start in (0, 1, now - 1, now):
            rows[0x810D] ^= 0x40
            assert meter.ask(ec.set_list(rows[0x810D], [0x810D], start=start), cluster=ec.CLUSTER) == [DONE]
        for start in (future, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
            assert meter.ask(ec.set_list(0x0B, [0x810D], start=start), cluster=ec.CLUSTER) == [INVALID], f"{start:08X}"
        assert_held(meter, rows, f"at {now:08X}")


def test_all_or_nothing(meter: Meter) -> None:
    """A code that is unknown or critical, wherever it stands in the list, refuses the whole of it."""
    good, swept = [0x810D, 0x8145, 0x81A0, 0x81C6], 0
    bad = [0x0000, 0x800D, 0x8100, 0x81FF, 0x820D, 0xFFFF, *(event.code for event in CRITICAL)]
    for code in bad:
        for at in range(len(good) + 1):
            frame = ec.set_list(0x00, [*good[:at], code, *good[at:]])
            assert meter.ask(frame, cluster=ec.CLUSTER) == [NOT_FOUND], f"{code:04X} at {at}"
            swept += 1
        assert_held(meter, ec.factory(), f"{code:04X}")
    assert swept == (6 + 41) * 5


def test_a_list_of_every_code_and_the_longest_list(meter: Meter) -> None:
    assert meter.ask(ec.set_list(0x1B, PUBLISHED_ORDER), cluster=ec.CLUSTER) == [DONE]
    rows = dict.fromkeys(PUBLISHED_ORDER, 0x1B)
    assert_held(meter, rows, "all 44 named")
    longest = (PUBLISHED_ORDER * LONGEST_LIST)[:LONGEST_LIST]
    assert meter.ask(ec.set_list(0x03, longest), cluster=ec.CLUSTER) == [DONE]
    assert_held(meter, dict.fromkeys(PUBLISHED_ORDER, 0x03), "a count of FF")
    spoilt = [*longest[:-1], 0x8F0C]
    assert meter.ask(ec.set_list(0x08, spoilt), cluster=ec.CLUSTER) == [NOT_FOUND]
    assert_held(meter, dict.fromkeys(PUBLISHED_ORDER, 0x03), "its last one critical")


def test_a_default_response_that_is_disabled(meter: Meter) -> None:
    assert meter.ask(ec.set_list(0x0B, [0x810E], fc=DISABLED), cluster=ec.CLUSTER) == [], "success is not told"
    rows = ec.factory() | {0x810E: 0x0B}
    assert_held(meter, rows, "but done")
    refused = {0x0B: ([0x8200], NOT_FOUND), 0x20: ([0x810E], INVALID), 0x08: ([], MALFORMED)}
    for configuration, (codes, answer) in refused.items():
        frame = ec.set_list(configuration, codes, fc=DISABLED)
        assert meter.ask(frame, cluster=ec.CLUSTER) == [answer], "a failure is"
    assert_held(meter, rows, "nothing else changed")


def some_set(rng: random.Random, rows: ec.Configurations) -> tuple[bytes, bytes, dict[int, int]]:
    """A Set at random, mostly a good one: the frame, its answer, and the rows afterwards."""
    configuration = rng.choice(ALLOWED) if rng.random() < 0.9 else rng.randrange(256)
    control = rng.randrange(4)
    if control == ec.LIST:
        named = rng.sample(PUBLISHED_ORDER, rng.randint(1, len(CONFIGURABLE)))
        named += rng.choices((0x8F0C, 0x8200), k=rng.random() < 0.1)
        frame = ec.set_list(configuration, named)
        codes = named if set(named) <= set(rows) else []
    else:
        choices = {ec.GROUP: (*ec.GROUPS, 0x03FF), ec.LOG: (0, 3, 3, 4), ec.MATCH: tuple(rows.values())}[control]
        what = rng.choice(choices)
        codes = ec.reached(rows, control, what)
        frame = ec.set_frame(configuration, control, ec.u16(what) if control == ec.GROUP else bytes((what,)))
    if not ec.allowed(configuration):
        return frame, INVALID, dict(rows)
    return frame, DONE if codes else NOT_FOUND, {**rows, **dict.fromkeys(codes, configuration)}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_sequence_of_sets_against_a_model(meter: Meter, seed: int) -> None:
    rng, rows = random.Random(seed), ec.factory()  # noqa: S311
    seen = {DONE: 0, INVALID: 0, NOT_FOUND: 0}
    for number in range(RANDOM_SETS):
        frame, answer, rows = some_set(rng, rows)
        what = f"seed {seed}, number {number}: {frame.hex(' ')}"
        assert meter.ask(frame, cluster=ec.CLUSTER) == [answer], what
        assert_held(meter, rows, what)
        seen[answer] += 1
    assert sum(seen.values()) == RANDOM_SETS
    assert all(seen.values()), seen
