"""Odd frames, row by row: what is dropped, what is ignored, what is never answered, and what is not a door.

Source: ZCL 2.4.1 (frame control), 2.5.3 to 2.5.5 (writes), 2.5.11 (reports), 2.5.12 (Default Response), 3.2.2.3
(reset); rows that answer nothing come before every check, the others apply to frames that pass them. All variants on
all clusters are swept in sweeps/; the record 8F60 has its own tests in test_what_is_recorded.py.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest

from gsme_host.bench import Attr
from gsme_host.eui64 import CHF, ESME, EUI64, GPF, IHD, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import APS_BROADCAST, LINK_KEY, NETWORK_KEY, SECURITY_NONE
from gsme_host.zcl import Cluster, u8, u16
from host_tests.judges.commands import GLOBAL_ANSWERS
from host_tests.judges.event_list import PUBLISHED_ORDER
from host_tests.support.requesters import ask_as, frame_from
from host_tests.support.sweeper import default_response
from host_tests.support.target import Target

BASIC, IDENTIFY, METERING, PREPAYMENT = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING, Cluster.PREPAYMENT
MANAGEMENT, EVENTS, TIME = Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS, Cluster.TIME
CLUSTERS: Final = (BASIC, IDENTIFY, METERING, MANAGEMENT, EVENTS, TIME, PREPAYMENT)
MALFORMED_AN_HOUR: Final = 100
MANY_MALFORMED: Final = bytes.fromhex("608F")
EVERY_ENDPOINT: Final = 0xFF
RESERVED_BITS: Final = range(0x20, 0x100, 0x20)
EVERY_CONFIGURATION: Final = "09 01 05 FF81"

# Everybody who may speak, under any key, alone or to all: for what is not looked at further.
SENDERS: Final = [
    (CHF, LINK_KEY),
    (IHD, LINK_KEY),
    (ESME, NETWORK_KEY),
    (STRANGER, LINK_KEY),
    (STRANGER, SECURITY_NONE),
    (CHF, LINK_KEY | APS_BROADCAST),
]
NO_FRAMES: Final = [  # no ZCL frame, whatever else it may be
    ("empty", ""),
    ("one byte", "00"),
    ("two bytes", "00 01"),
    ("two bytes of a cluster command", "09 01"),
    ("a manufacturer's, cut in its code", "04 34"),
    ("a manufacturer's without sequence number", "04 3412"),
    ("a manufacturer's without command", "05 3412 01"),
    ("type 2", "02 01 00 0000"),
    ("type 3", "03 01 05 FF81"),
    ("type 2 in the other direction", "0A 01 05 FF81"),
    ("type 3 of a manufacturer", "07 3412 01 00 0000"),
    ("type 3 with all other bits", "FF 3412 01 00 0000"),
]


def silent(meter: Meter, who: EUI64, cluster: int, asdu: bytes | str, aps: int = LINK_KEY) -> bool:
    """Whether nothing at all comes of a frame, neither an answer nor anything to others."""
    asdu = bytes.fromhex(asdu) if isinstance(asdu, str) else asdu
    return meter.exchange(frame_from(who, cluster, asdu, aps)).answers == []


def test_no_frame_is_dropped(home: Target) -> None:
    """From anybody, the clusters taking turns; the next frame is served."""
    sent = 0
    for (what, frame), (who, aps) in product(NO_FRAMES, SENDERS):
        assert silent(home.meter, who, CLUSTERS[sent % len(CLUSTERS)], frame, aps), what
        sent += 1
    assert len(CLUSTERS) < sent == len(NO_FRAMES) * len(SENDERS) <= MALFORMED_AN_HOUR  # one more is recorded
    assert ask_as(home.meter, CHF, MANAGEMENT, "09 01 05 0D81") == [bytes.fromhex("01 01 04 00 01 0D8118")]


def test_no_frame_is_counted(home: Target) -> None:
    """A hundred leave no trace; the next one of any kind is recorded, and told to the GPF, once."""
    frames = [bytes.fromhex(sent) for _, sent in NO_FRAMES]
    for number in range(MALFORMED_AN_HOUR):
        assert silent(home.meter, CHF, METERING, frames[number % len(frames)])
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 0
    (told,) = home.meter.exchange(frame_from(STRANGER, METERING, frames[0], SECURITY_NONE)).answers
    assert (told.peer, told.cluster, told.asdu[4:6]) == (GPF, EVENTS, MANY_MALFORMED)
    assert home.bench.read_int(Attr.SECURITY_LOG_ENTRIES) == 1


RESERVED: Final = [  # cluster, frame, answer: which has none of the bits
    (METERING, "00 01 00 0003", "08 01 01 0003 00 30 01"),
    (MANAGEMENT, "09 01 05 0D81", "01 01 04 00 01 0D8118"),
    (MANAGEMENT, "19 01 05 FF82", "00 01 0B 05 8B"),
    (EVENTS, "01 01 E0", "08 01 0B E0 81"),
    (PREPAYMENT, "01 01 00", "08 01 0B 00 C3"),
    (BASIC, "04 3412 01 00 0000", "0C 3412 01 0B 00 84"),
]


def test_reserved_bits_of_the_frame_control_are_ignored(meter: Meter) -> None:
    for bits, (cluster, sent, answer) in product(RESERVED_BITS, RESERVED):
        asdu = bytes.fromhex(sent)
        asked = bytes((asdu[0] | bits,)) + asdu[1:]
        assert meter.ask(asked, cluster=cluster) == [bytes.fromhex(answer)], asked.hex(" ")
    assert len(RESERVED_BITS) == 7


UNWRITABLE: Final = [  # what fails, cluster, sender, aps, frame
    ("not held", BASIC, CHF, LINK_KEY, "00 01 05 FEFE 20 05"),
    ("not writable", BASIC, CHF, LINK_KEY, "00 01 05 0700 30 01"),
    ("another type", BASIC, CHF, LINK_KEY, "00 01 05 1100 20 05"),
    ("out of range", BASIC, CHF, LINK_KEY, "00 01 05 1000 42 11" + "41" * 17),
    ("cut short", BASIC, CHF, LINK_KEY, "00 01 05 1100 30"),
    ("nothing to write", BASIC, CHF, LINK_KEY, "00 01 05"),
    ("another manufacturer", BASIC, CHF, LINK_KEY, "04 3412 01 05 1100 30 05"),
    ("no such side", BASIC, CHF, LINK_KEY, "08 01 05 1100 30 05"),
    ("no such cluster", PREPAYMENT, CHF, LINK_KEY, "00 01 05 1100 30 05"),
    ("no right to write", BASIC, IHD, LINK_KEY, "00 01 05 1100 30 05"),
    ("a stranger", BASIC, STRANGER, LINK_KEY, "00 01 05 1100 30 05"),
    ("no key", BASIC, CHF, SECURITY_NONE, "00 01 05 1100 30 05"),
    ("a configuration", MANAGEMENT, CHF, LINK_KEY, "08 01 05 0D81 18 1B"),
]
ENVIRONMENT: Final = "00 01 00 1100 1000"


def test_write_no_response_is_not_answered(home: Target) -> None:
    """Neither when it fails, and then nothing changes, nor when it is done, with or without the bit that says so."""
    meter = home.meter
    factory = bytes.fromhex("08 01 01 1100 00 30 00 1000 00 42 00")
    for what, cluster, who, aps, sent in UNWRITABLE:
        assert silent(meter, who, cluster, sent, aps), what
        assert ask_as(meter, CHF, BASIC, ENVIRONMENT) == [factory], what
    assert silent(meter, CHF, BASIC, "00 01 05 FEFE 20 05 1100 30 07")  # the rest of a frame is written
    assert silent(meter, GPF, BASIC, "10 01 05 1000 42 02 4142")
    assert ask_as(meter, CHF, BASIC, ENVIRONMENT) == [bytes.fromhex("08 01 01 1100 00 30 07 1000 00 42 02 4142")]


def test_an_answer_that_nobody_asked_for_is_not_answered(home: Target) -> None:
    """Global answers and reports, from everybody, to both sides of clusters that there are and are not."""
    sent = 0
    for command, cluster, (who, aps) in product(GLOBAL_ANSWERS, (METERING, TIME, PREPAYMENT), SENDERS):
        for control in (0x00, 0x18):
            assert silent(home.meter, who, cluster, bytes((control, 1, command.id)) + command.sample, aps), command.name
            sent += 1
    assert sent == 11 * 3 * 6 * 2


def test_a_default_response_is_not_answered_whatever_it_says(home: Target) -> None:
    """For every status and for every command, on every cluster, whole, cut short, longer, and of a manufacturer."""
    payloads = [u8(0x05) + u8(status) for status in range(256)] + [u8(command) + b"\x81" for command in range(256)]
    clusters = CLUSTERS * (len(payloads) // len(CLUSTERS) + 1)
    for number, (cluster, payload) in enumerate(zip(clusters, payloads, strict=False)):
        assert silent(home.meter, CHF, cluster, bytes((number & 0x18, 1, 0x0B)) + payload), payload.hex(" ")
    for control, who, payload in product((0x00, 0x08, 0x14, 0xE0), (IHD, STRANGER), (b"", b"\5", b"\5\x8b\0")):
        code = b"\x34\x12" if control & 4 else b""
        assert silent(home.meter, who, MANAGEMENT, bytes((control,)) + code + b"\1\x0b" + payload)


UNASKED: Final = [  # what answers nothing of the meter's: frame without the bit that disables Default Responses
    ("Request Mirror Response", "01 01 01 0200"),
    ("Mirror Removed", "01 01 02 0200"),
    ("Mirror Report Attribute Response", "01 01 09 02 00002000 00000000 00000000 00000000 00000000"),
]


@pytest.mark.parametrize(("what", "sent"), UNASKED, ids=[what for what, _ in UNASKED])
def test_a_cluster_answer_that_nobody_asked_for(home: Target, what: str, sent: str) -> None:
    """NOT_FOUND, or nothing where that is disabled; refusals of earlier checks come all the same."""
    asked = bytes.fromhex(sent)
    disabled = bytes((0x11,)) + asked[1:]
    assert ask_as(home.meter, GPF, METERING, asked) == [default_response(asked, 0x8B)]
    assert silent(home.meter, GPF, METERING, disabled)
    for who, aps, frame, status in (
        (CHF, LINK_KEY, disabled, 0x7E),
        (GPF, NETWORK_KEY, disabled, 0x7E),
        (GPF, LINK_KEY, disabled[:3], 0x80),
        (GPF, LINK_KEY, b"\x19" + disabled[1:], 0x81),  # the client side of Metering has no commands
    ):
        assert ask_as(home.meter, who, METERING, frame, aps) == [default_response(frame, status)], what


TO_EVERY_ENDPOINT: Final = [  # cluster, sender, frame sent to endpoint FF, what must come back
    ("a read", METERING, IHD, "00 01 00 0003", "08 01 01 0003 00 30 01"),
    ("a command", MANAGEMENT, CHF, "09 02 05 0D81", "01 02 04 00 01 0D8118"),
    ("success", IDENTIFY, CHF, "01 03 00 0000", "08 03 0B 00 00"),
    ("a write", BASIC, CHF, "00 04 02 1100 30 00", "08 04 04 00"),
    ("a discovery", BASIC, STRANGER, "00 05 0C 1100 01", "08 05 0D 01 1100 30"),
    ("success disabled", IDENTIFY, CHF, "11 06 00 0000", ""),
    ("7E for want of a right", MANAGEMENT, IHD, "09 07 05 0D81", ""),
    ("7E for a stranger", METERING, STRANGER, "00 08 00 0003", ""),
    ("C3", PREPAYMENT, CHF, "00 09 00 0000", ""),
    ("81", EVENTS, CHF, "01 0A E0", ""),
    ("82", EVENTS, CHF, "00 0B E0", ""),
    ("83", EVENTS, CHF, "05 3412 0C 00", ""),
    ("84", EVENTS, CHF, "04 3412 0D 00 0000", ""),
    ("80", MANAGEMENT, CHF, "09 0E 05 FF", ""),
    ("85", EVENTS, CHF, "01 0F 00 2F 0000 00000000 FFFFFFFF 00 0000", ""),
    ("8B", MANAGEMENT, CHF, "09 10 05 0082", ""),
]


def test_endpoint_ff_is_endpoint_1_without_errors(home: Target) -> None:
    """What is answered comes from endpoint 1, as if it had been asked; no error is, and none is told to others."""
    for what, cluster, who, sent, answer in TO_EVERY_ENDPOINT:
        request = frame_from(who, cluster, bytes.fromhex(sent), endpoint=EVERY_ENDPOINT)
        answers = home.meter.exchange(request).answers
        assert [one.asdu for one in answers] == ([bytes.fromhex(answer)] if answer else []), what
        assert {(one.peer, one.own_endpoint, one.cluster) for one in answers} <= {(who, 1, cluster)}, what


def test_basic_has_no_reset_to_factory_defaults(home: Target) -> None:
    """Unknown to whoever asks, and what was set stays."""
    assert ask_as(home.meter, CHF, BASIC, "00 01 02 1100 30 05") == [bytes.fromhex("08 01 04 00")]
    for who, aps in ((CHF, LINK_KEY), (GPF, NETWORK_KEY), (IHD, LINK_KEY), (STRANGER, NETWORK_KEY)):
        for sent in ("01 01 00", "11 01 00", "01 01 00 00"):
            assert ask_as(home.meter, who, BASIC, sent, aps) == [default_response(bytes.fromhex(sent), 0x81)]
    assert ask_as(home.meter, CHF, BASIC, "00 01 00 1100") == [bytes.fromhex("08 01 01 1100 00 30 05")]


@pytest.mark.parametrize("command", [0x02, 0x03], ids=["Write", "Write Undivided"])
def test_no_configuration_is_written_as_an_attribute(home: Target, command: int) -> None:
    """READ_ONLY for each of the 44, with a byte that Set would take and with one that it would not."""
    before = ask_as(home.meter, CHF, MANAGEMENT, EVERY_CONFIGURATION)
    for byte, half in product((0x1B, 0xFF), (PUBLISHED_ORDER[:22], PUBLISHED_ORDER[22:])):
        sent = bytes((0x08, 1, command)) + b"".join(u16(code) + bytes((0x18, byte)) for code in half)
        expected = b"\x00\x01\x04" + b"".join(b"\x88" + u16(code) for code in half)
        assert ask_as(home.meter, GPF, MANAGEMENT, sent) == [expected]
    assert ask_as(home.meter, CHF, MANAGEMENT, EVERY_CONFIGURATION) == before
    assert len(PUBLISHED_ORDER) == 44
