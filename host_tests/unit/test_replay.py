"""Protection against replay: of GCS41 and GCS36 only a counter above the highest accepted one is acted on (GBCS 6.2.4).

Run on the meter's mailbox, which the tunnel feeds, so that ten thousand messages take seconds. A restart is a new start
on the same storage.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.eui64 import EUI64, GSME
from gsme_host.gbcs import commands
from gsme_host.gbcs.envelope import Message, entity_id
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.party import Party
from gsme_host.gbcs.use_cases import Role
from host_tests.support.remote_parties import with_secrets
from host_tests.support.target import firmware
from host_tests.unit.script import Scripts

MESSAGES: Final = "messages"
REPLAYS: Final = 10_000
RESTART_EVERY: Final = 500
HIGHEST: Final = 2**40
STRIDE: Final = HIGHEST // (REPLAYS // 4)  # each use case twice: down to 0, so that octets of all places change
STORAGE_REFUSES: Final = "fault 8"
NOTHING: Final = "-"
DONE: Final = "00 00 0B {command:02X} 00"
UPDATES: Final = {  # use case: who sends it, content, its command
    "GCS41": (Role.SUPPLIER, commands.update_site_id(0, b"4000000001"), 0x03),
    "GCS36": (Role.BROKER, commands.update_cin(0, b"1234"), 0x06),
}


@pytest.fixture
def head_end() -> HeadEnd:
    """Parties of our own."""
    return HeadEnd(GSME, with_secrets())


def enrolments(parties: dict[Role, Party]) -> list[str]:
    """The steps that enrol them."""
    return [f"party {entity_id(one.entity).hex()} {role.value:X} 0 {one.z.hex()}" for role, one in parties.items()]


def take(message: Message) -> str:
    """The step that gives the meter a message."""
    return f"take {message.encode().hex()}"


def run(scripts: Scripts, head_end: HeadEnd, steps: list[str]) -> list[str]:
    """What the meter says to each step after the enrolments."""
    first = enrolments(head_end.parties)
    return scripts.run(MESSAGES, "".join(f"{step}\n" for step in (*first, *steps)))[len(first) :]


def answered(head_end: HeadEnd, command: Message, line: str) -> bytes:
    """The frame of the response, whose MAC is right."""
    return head_end.response(command, bytes.fromhex(line.split(maxsplit=1)[0])).content[8:]


def test_ten_thousand_replays(head_end: HeadEnd) -> None:
    """Equal and lower counters of both use cases, over restarts: none is acted on, and the next higher one is."""

    def make(name: str, counter: int) -> Message:
        role, content, _ = UPDATES[name]
        return head_end.command(name, content, role, counter=counter)

    steps = [take(make(name, HIGHEST)) for name in UPDATES]
    replays = 0
    while replays < REPLAYS:
        for name in UPDATES:
            steps.append(take(make(name, HIGHEST - replays // 4 * STRIDE)))
            replays += 1
        if replays % RESTART_EVERY == 0:
            steps.append("restart")
    steps.append("logged")
    last = [make(name, HIGHEST + 1) for name in UPDATES]
    steps += [take(one) for one in last]
    lines = run(Scripts(firmware()), head_end, steps)
    took = [line for step, line in zip(steps, lines, strict=True) if step.startswith("take")]
    assert all(line != NOTHING for line in took[:2])
    assert [line for line in took[2:-2] if line != NOTHING] == []
    assert len(took[2:-2]) == REPLAYS
    assert lines[steps.index("logged")].split() == ["8154", "8154"], "nothing was done since"
    for (_, _, command), message, line in zip(UPDATES.values(), last, took[-2:], strict=True):
        assert answered(head_end, message, line) == bytes.fromhex(DONE.format(command=command))


def test_counters_are_an_originators_and_a_use_cases_own(scripts: Scripts, head_end: HeadEnd) -> None:
    """Another Supplier begins with its own count, and the other use case is not held up."""
    role, content, _ = UPDATES["GCS41"]
    other = Party(EUI64.parse("00A5A5A500000011"), role, secret=bytes(range(32)))
    first = head_end.command("GCS41", content, role, counter=1000)
    second = HeadEnd(GSME, head_end.parties | {role: other}).command("GCS41", content, role, counter=1)
    third = head_end.command("GCS36", UPDATES["GCS36"][1], Role.BROKER, counter=1)
    step = f"party {entity_id(other.entity).hex()} {role.value:X} 0 {other.z.hex()}"
    lines = run(scripts, head_end, [take(first), step, take(second), take(third), take(first)])
    assert [line == NOTHING for line in (lines[0], *lines[2:])] == [False, False, False, True]


def test_a_store_that_refuses_keeps_no_counter(scripts: Scripts, head_end: HeadEnd) -> None:
    """The command is refused with C0 and changes nothing; once the store writes again, the same message is taken."""
    message = head_end.command("GCS41", UPDATES["GCS41"][1], counter=5)
    lines = run(scripts, head_end, [STORAGE_REFUSES, take(message), "fault 0", take(message), take(message)])
    assert answered(head_end, message, lines[1]) == bytes.fromhex("00 00 0B 03 C0")
    assert answered(head_end, message, lines[3]) == bytes.fromhex("00 00 0B 03 00")
    assert lines[4] == NOTHING


def test_a_storage_that_fails(scripts: Scripts, head_end: HeadEnd) -> None:
    """The update is refused with C0 and the meter goes on: reads are answered, and updates once the storage works."""
    read = head_end.command("GCS20r", commands.get_event_configuration())
    updates = [head_end.command("GCS41", UPDATES["GCS41"][1], counter=counter) for counter in (5, 6)]
    party = enrolments(head_end.parties)[0]
    steps = ["storage 1", "raise 8F3F -", take(updates[0]), take(read), "storage 0", party, take(updates[1])]
    lines = run(scripts, head_end, steps)
    assert answered(head_end, updates[0], lines[2]) == bytes.fromhex("00 00 0B 03 C0")
    assert lines[3] != NOTHING
    assert answered(head_end, updates[1], lines[6]) == bytes.fromhex("00 00 0B 03 00")


def test_a_refused_update_has_used_its_counter(scripts: Scripts, head_end: HeadEnd) -> None:
    """A SiteID that is too long is refused by its value; the counter was accepted before that."""
    refused = head_end.command("GCS41", commands.update_site_id(0, b"9" * 33), counter=5)
    lines = run(scripts, head_end, [take(refused), take(refused)])
    assert answered(head_end, refused, lines[0]) == bytes.fromhex("00 00 0B 03 87")
    assert lines[1] == NOTHING


def test_what_is_not_protected_is_answered_again(scripts: Scripts, head_end: HeadEnd) -> None:
    """GCS20r and GCS20, five times with the same counter."""
    for name, content in (
        ("GCS20r", commands.get_event_configuration()),
        ("GCS20", commands.set_event_configuration(0, {0x0B: [0x81A4]})),
    ):
        message = head_end.command(name, content, counter=7)
        lines = run(scripts, head_end, [take(message)] * 5)
        assert lines[0] != NOTHING
        assert len(set(lines)) == 1


def test_a_factory_reset_forgets_counters_with_the_parties(scripts: Scripts, head_end: HeadEnd) -> None:
    message = head_end.command("GCS41", UPDATES["GCS41"][1], counter=5)
    steps = [take(message), "reset", take(message), *enrolments(head_end.parties), take(message)]
    lines = run(scripts, head_end, steps)
    assert [lines[0] == NOTHING, lines[2] == NOTHING, lines[-1] == NOTHING] == [False, True, False]
