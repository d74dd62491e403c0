"""The serial HAN link, part two: what is dropped, SYNC, starting, hosts that come and go.

Source: the link's own specification, rules 4 to 8. That no time is lost in between, and that long work is cut short, is
not proved here: nothing in this suite is timed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from gsme_host import wire, zcl
from gsme_host.bench import Attr, Command
from gsme_host.eui64 import BROADCAST, EUI64
from gsme_host.wire import LINK_KEY, Ack, Data, Kind
from host_tests.support.line import READ, Line, bench_command, raise_event, taken_over
from host_tests.support.target import Target

BAD_CRC: Final = wire.body(Kind.DATA, 9, READ.encode())[:-1] + b"\x5a"
DROPPED: Final = (  # rule 5: what is wrong, and the frame on the wire
    ("one byte", wire.coded(b"\x01")),
    ("a body cut short by one byte", wire.coded(wire.body(Kind.SYNC, 9)[:-1])),
    ("a wrong CRC", wire.coded(BAD_CRC)),
    ("no CRC", wire.coded(b"\x01\x09" + READ.encode())),
    ("a COBS code that points behind the end", b"\x05\x01\x02\x03\x00"),
    ("a COBS code of FF that points behind the end", b"\xff\x01\x02\x03\x00"),
    ("SYNC without a version", wire.coded(wire.body(Kind.SYNC, 9))),
    ("SYNC with a byte too many", wire.coded(wire.body(Kind.SYNC, 9, b"\x01\x01"))),
    ("ACK without a status", wire.coded(wire.body(Kind.ACK, 9))),
    ("a payload of 1601 bytes", wire.coded(wire.body(Kind.DATA, 9, READ.encode() + bytes(1586 - len(READ.asdu))))),
)
KINDS: Final = 256
OVERHEAD: Final = 21  # kind, sequence number, DATA header, CRC
BLOCK: Final = 254  # bytes without a zero that one COBS code covers
UNKNOWN_VERSIONS: Final = (0x00, 0x02, 0xFF)
DEVICE_ANNOUNCE: Final = 0x0013
SLEEPY: Final = b"\x80"
UNREAD_REQUESTS: Final = 1000  # more answers than a line holds back
LOCATION: Final = b"\x10\x00"  # Basic: a string of at most 16 bytes
LOCATION_BYTES: Final = 16
PROMPT: Final = b">>> "
CTRL_D: Final = b"\x04"
STRAY: Final = replace(READ, own_endpoint=2)


@pytest.fixture
def line(target: Target) -> Iterator[Line]:
    with taken_over(target) as line:
        yield line


# --- rule 5


@pytest.mark.parametrize(("what", "frame"), DROPPED, ids=[row[0] for row in DROPPED])
def test_rule_5_dropped_without_an_answer_and_counted(line: Line, what: str, frame: bytes) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    line.send(frame)
    assert line.serves(), what
    assert line.bench_int(Attr.LINK_DROPS) == drops + 1


def test_rule_5_every_kind_that_there_is_not(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    for kind in range(len(Kind), KINDS):
        line.send_body(kind, 9, READ.encode())
    assert line.serves()
    assert line.bench_int(Attr.LINK_DROPS) == drops + KINDS - len(Kind)


def test_empty_frames_mean_nothing_and_count_nothing(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    line.send(bytes(1000))
    assert line.serves()
    assert line.bench_int(Attr.LINK_DROPS) == drops


def test_text_of_the_host_is_not_answered_and_no_drop(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    line.send_body(Kind.TEXT, 0, "für Menschen".encode())
    assert line.serves()
    assert line.bench_int(Attr.LINK_DROPS) == drops


def test_rule_5_both_endings_of_a_254_byte_block(line: Line) -> None:
    """A run that fills its block to the end of the frame may be followed by a code of its own, or not."""
    body = _without_zeros()
    plain = wire.coded(body)
    assert (len(body), plain[0], plain[-1]) == (BLOCK, 0xFF, 0)
    for ending in (plain, plain[:-1] + b"\x01\x00"):
        line.sync()
        line.send(ending)
        line.seq = body[1]
        assert line.acked(line.seq) == Ack.ACCEPTED
        assert line.serves()


def _without_zeros() -> bytes:
    """A DATA body of exactly 254 bytes, none of them zero; it is for no endpoint of the device."""
    data = Data(EUI64(b"\x55" * 8), 1, 2, 0x0A0A, 0x0B0B, LINK_KEY, b"\x55" * (BLOCK - OVERHEAD))
    bodies = (wire.body(Kind.DATA, seq, data.encode()) for seq in range(1, 256))
    return next(body for body in bodies if 0 not in body)


# --- rule 4


def test_rule_4_sync_is_answered_under_its_number_each_time(line: Line, target: Target) -> None:
    identity = target.meter.link.identity
    assert identity is not None
    told = b"\x00" + bytes((identity.version,)) + zcl.u16(identity.max_payload) + identity.eui64
    for seq in range(256):
        line.send_body(Kind.SYNC, seq, bytes((wire.VERSION,)))
        body = line.body()
        assert (body.kind, body.seq, body.payload) == (Kind.ACK, seq, told)


def test_rule_4_sync_forgets_the_last_sequence_number(line: Line) -> None:
    for _ in range(2):
        line.sync()
        line.seq = 40
        assert line.serves()


@pytest.mark.parametrize("version", UNKNOWN_VERSIONS)
def test_sync_of_another_version_gets_03_and_forgets_nothing(line: Line, version: int) -> None:
    assert line.acked(line.data(STRAY)) == Ack.ACCEPTED
    line.send_body(Kind.SYNC, 77, bytes((version,)))
    answer = line.body()
    assert (answer.kind, answer.seq, answer.payload[:2]) == (Kind.ACK, 77, bytes((Ack.NOT_UNDERSTOOD, wire.VERSION)))
    line.send_body(Kind.DATA, line.seq, STRAY.encode())
    assert line.acked(line.seq) == Ack.REPEATED


def test_rule_4_sync_drops_every_frame_of_the_devices_own(line: Line) -> None:
    """The one that waits for its ACK and those behind it: after the SYNC only what is asked then is answered."""
    for _ in range(2):
        assert line.acked_amid_data(line.data(raise_event())) == Ack.ACCEPTED
    line.sync()
    assert line.serves()
    line.sync()
    assert line.serves(), "neither later"


def test_rule_4_a_start_is_a_zero_and_a_sync_then_nothing_before_the_hosts(line: Line) -> None:
    """DATA is taken in and acted on, but what answers it is dropped; then the announce, first of all, and once."""
    entries = line.bench_int(Attr.SECURITY_LOG_ENTRIES)
    _reboot(line)
    assert line.acked(line.data(raise_event())) == Ack.ACCEPTED
    line.send_body(Kind.SYNC, 3, bytes((wire.VERSION,)))
    answer = line.body()
    assert (answer.kind, answer.seq, answer.payload[0]) == (Kind.ACK, 3, Ack.ACCEPTED), "nothing else before it"
    _check_announce(line.take(), answer.payload[4:])
    assert line.bench_int(Attr.SECURITY_LOG_ENTRIES) == entries + 1
    line.sync()
    assert line.serves()


def _reboot(line: Line) -> None:
    """Restarts the device and reads up to the zero and the SYNC that tell of it."""
    assert line.acked(line.data(bench_command(Command.REBOOT))) == Ack.ACCEPTED
    assert zcl.Frame.parse(line.take().asdu).default_response == (Command.REBOOT, 0)
    assert line.raw() == wire.END
    body = line.body()
    assert (body.kind, body.payload) == (Kind.SYNC, bytes((wire.VERSION,)))


def _check_announce(announce: Data, own: bytes) -> None:
    ends = (announce.peer, announce.peer_endpoint, announce.own_endpoint, announce.profile)
    assert (*ends, announce.cluster, announce.aps) == (BROADCAST, 0xFF, 0, zcl.PROFILE_ZDO, DEVICE_ANNOUNCE, 4)
    assert announce.asdu[1:] == own[:2] + own + SLEEPY


# --- rule 6


@pytest.mark.parametrize("stray", [replace(READ, own_endpoint=2), replace(READ, profile=0x0104)])
def test_rule_6_what_is_for_nobody_here_is_taken_in_and_not_answered(line: Line, stray: Data) -> None:
    accepted = line.bench_int(Attr.DATA_ACCEPTED)
    assert line.acked(line.data(stray)) == Ack.ACCEPTED
    assert line.bench_int(Attr.DATA_ACCEPTED) == accepted + 2, "that one and this read"


# --- rule 7


def test_rule_7_a_host_that_closes_and_opens_the_port_needs_no_sync(line: Line) -> None:
    assert line.serves()
    for _ in range(3):
        line.reopen()
        line.send_body(Kind.DATA, line.seq, READ.encode())
        assert line.acked(line.seq) == Ack.REPEATED
        assert line.serves()


def test_rule_7_what_waits_for_its_ack_waits_for_the_next_host_too(line: Line) -> None:
    assert line.acked(line.data(READ)) == Ack.ACCEPTED
    answer = line.body()
    line.reopen()
    assert line.body() == answer
    line.ack(answer.seq)
    assert line.serves()


def test_a_host_that_does_not_read_loses_frames_and_stops_nothing(line: Line) -> None:
    """The device goes on taking in, and is there when the host reads again and says SYNC."""
    uptime = line.bench_int(Attr.UPTIME_MS)
    for _ in range(UNREAD_REQUESTS):
        line.data(READ)
    line.send(wire.END)
    line.sync_amid_rubble()
    assert line.serves()
    assert line.bench_int(Attr.UPTIME_MS) > uptime, "and has not started anew"


# --- rule 8


def test_rule_8_every_byte_value_passes_both_ways(target: Target) -> None:
    """Among them those that a console would take for itself: 01 to 04, 0D, 11, 13, 1A, 7F."""
    for first in range(0, 256, LOCATION_BYTES):
        value = bytes((LOCATION_BYTES, *range(first, first + LOCATION_BYTES)))
        write, read = b"\x00\x01\x02" + LOCATION + b"\x42" + value, b"\x00\x02\x00" + LOCATION
        assert target.meter.ask(write, cluster=zcl.Cluster.BASIC) == [bytes.fromhex("08 01 04 00")]
        answer = b"\x08\x02\x01" + LOCATION + b"\x00\x42" + value
        assert target.meter.ask(read, cluster=zcl.Cluster.BASIC) == [answer]


@pytest.mark.simulated  # how a board's console is left again is the board's business
def test_rule_8_leave_gives_the_line_to_the_repl_and_its_end_gives_it_back(line: Line) -> None:
    assert line.acked(line.data(bench_command(Command.LEAVE))) == Ack.ACCEPTED
    assert zcl.Frame.parse(line.take().asdu).default_response == (Command.LEAVE, 0)
    line.read_past(PROMPT)
    line.send(b"print(6 * 7)\r")
    line.read_past(b"\r\n42")
    line.send(CTRL_D)
    line.sync_amid_rubble()
    assert line.take().cluster == DEVICE_ANNOUNCE
    assert line.serves()
