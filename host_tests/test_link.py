"""The serial HAN link, part one: frames, acknowledgements, sequence numbers, retransmission.

Source: the link's own specification, "Wire" and rules 1 to 3. How far apart transmissions are is proved with a clock of
the test's own in unit/test_link_times.py; damage of every kind in sweeps/test_line_noise.py. Wire bytes are hex, a
final zero included. A pass says nothing of a line that loses bytes: a pseudo-terminal does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pytest

from gsme_host import wire
from gsme_host.bench import Attr
from gsme_host.eui64 import BENCH, GPF
from gsme_host.wire import Ack, Body, Data, Kind
from host_tests.support.line import READ, READ_ANSWER, SEQ_COUNT, Line, bench_read, raise_event, taken_over
from host_tests.support.target import Target

GOLDEN: Final = (  # what, kind, sequence number, payload, on the wire
    ("SYNC", Kind.SYNC, 0, "01", "01 01 06 01 84 E9 46 88 00"),
    (
        "ACK of a SYNC",
        Kind.ACK,
        0,
        "00 01 4006 A19078563412DB00",
        "02 02 01 0B 01 40 06 A1 90 78 56 34 12 DB 05 55 3C D1 C7 00",
    ),
    (
        "DATA of the CHF, link key",
        Kind.DATA,
        1,
        "A29078563412DB00 01 01 0901 0807 02 09 00 05 FF81",
        "0A 01 01 A2 90 78 56 34 12 DB 09 01 01 09 01 08 07 02 09 08 05 FF 81 EA 5C 53 EB 00",
    ),
    ("ACK of DATA", Kind.ACK, 1, "00", "03 02 01 05 3D 3C DE E5 00"),
)
SYNC, SYNC_ACK, DATA, DATA_ACK = (row[-1] for row in GOLDEN)

HEADER_BYTES: Final = 15
TRANSMISSIONS: Final = 5
VALID_APS: Final = [0, 1, 2, 4, 5, 6]  # security none, network key, link key; and bit 2, broadcast
NO_SUCH_ENDPOINT: Final = 2
MOST_QUEUED: Final = 64  # requests by which a meter with a finite memory has to have said "no room"
SEVERAL: Final = 4


@pytest.fixture
def line(target: Target) -> Iterator[Line]:
    with taken_over(target) as line:
        yield line


# --- Wire


@pytest.mark.parametrize(("what", "kind", "seq", "payload", "on_wire"), GOLDEN, ids=[row[0] for row in GOLDEN])
def test_wire_golden_bytes_are_what_the_host_makes(what: str, kind: Kind, seq: int, payload: str, on_wire: str) -> None:
    """So that the tests below may build their frames with it."""
    assert wire.coded(wire.body(kind, seq, bytes.fromhex(payload))) == bytes.fromhex(on_wire), what


@pytest.mark.simulated  # another device has another identity, and may take less at a time
def test_wire_golden_bytes_both_ways(line: Line) -> None:
    """What answers the request is another test's business."""
    for sent, answer in ((SYNC, SYNC_ACK), (DATA, DATA_ACK)):
        line.send(sent)
        assert line.raw() == bytes.fromhex(answer)
    assert line.take().asdu[:5] == bytes.fromhex("01 00 04 00 02")


def test_wire_largest_payload_is_taken_in_and_one_byte_more_is_not(line: Line, target: Target) -> None:
    """1600 bytes, or as many as the device says of itself; a longer one is dropped and counted (rule 5)."""
    identity = target.meter.link.identity
    assert identity is not None
    room = identity.max_payload - HEADER_BYTES
    read_many = bytes.fromhex("00 02 00") + bytes.fromhex("FEFE") * (room // 2 - 1)
    longest = replace(READ, asdu=read_many[:3] + read_many[3:][: room - 3])
    assert (len(longest.encode()), len(longest.asdu) % 2) == (identity.max_payload, 1)
    assert line.ask(longest).asdu[:6] == bytes.fromhex("08 02 01 FEFE 86")
    drops = line.bench_int(Attr.LINK_DROPS)
    line.data(replace(READ, asdu=longest.asdu + b"\xfe"))
    assert line.bench_int(Attr.LINK_DROPS) == drops + 1


# --- ACK statuses as the device gives them, and rule 3


def test_rule_3_a_repeated_number_gets_ack_01_and_is_not_acted_on(line: Line) -> None:
    entries = line.bench_int(Attr.SECURITY_LOG_ENTRIES)
    seq = line.data(raise_event())
    assert line.acked(seq) == Ack.ACCEPTED
    assert {line.take().peer for _ in range(2)} == {BENCH, GPF}
    for data in (raise_event(), READ):  # the same frame, and another one under its number
        line.send_body(Kind.DATA, seq, data.encode())
        assert line.acked(seq) == Ack.REPEATED
    assert line.bench_int(Attr.SECURITY_LOG_ENTRIES) == entries + 1


def test_rule_3_only_the_last_accepted_number_is_a_repetition(line: Line) -> None:
    """Any other number is a new frame, a smaller one too; and a frame that was not accepted leaves none behind."""
    for seq in (7, 200, 199, 0, 255, 7):
        line.seq = (seq - 1) % SEQ_COUNT
        assert line.serves(), seq
    line.send_body(Kind.DATA, 8, READ.encode()[: HEADER_BYTES - 1])
    assert line.acked(8) == Ack.NOT_UNDERSTOOD
    assert line.serves(), "number 8, for the first time"


def test_rule_3_the_devices_own_numbers_grow_by_one_and_wrap(line: Line) -> None:
    seqs = []
    for _ in range(SEQ_COUNT + SEVERAL):
        assert line.acked(line.data(READ)) == Ack.ACCEPTED
        seqs.append(line.take_body().seq)
    assert seqs == [(seqs[0] + n) % SEQ_COUNT for n in range(SEQ_COUNT + SEVERAL)]


def test_ack_03_for_every_data_header_cut_short(line: Line) -> None:
    for length in range(HEADER_BYTES):
        line.send_body(Kind.DATA, line.seq + 1, READ.encode()[:length])
        assert line.acked(line.seq + 1) == Ack.NOT_UNDERSTOOD, length
    for endpoint in range(256):  # whatever stands where the header's last byte would be
        line.send_body(Kind.DATA, line.seq + 1, replace(READ, peer_endpoint=endpoint).encode()[: HEADER_BYTES - 1])
        assert line.acked(line.seq + 1) == Ack.NOT_UNDERSTOOD, endpoint
    assert line.acked(line.data(replace(READ, asdu=b""))) == Ack.ACCEPTED, "a whole header with nothing behind it"
    assert line.serves()


def test_ack_03_for_every_aps_with_reserved_bits(line: Line) -> None:
    """Bits 3 to 7, and security 3. All others are taken in, though nothing answers at that endpoint."""
    accepted = []
    for aps in range(256):
        status = line.acked(line.data(replace(READ, aps=aps, own_endpoint=NO_SUCH_ENDPOINT)))
        assert status in (Ack.ACCEPTED, Ack.NOT_UNDERSTOOD), aps
        accepted += [aps] if status == Ack.ACCEPTED else []
    assert accepted == VALID_APS
    assert line.serves()


def test_ack_02_without_room_and_the_frame_is_not_acted_on(line: Line) -> None:
    """Answers that nobody acknowledges pile up until the device takes no more; of what it took nothing is lost."""
    statuses: list[int] = []
    while len(statuses) < MOST_QUEUED and Ack.NO_ROOM not in statuses:
        tsn = len(statuses)
        statuses.append(line.acked_amid_data(line.data(replace(READ, asdu=bytes((0, tsn)) + READ.asdu[2:]))))
    taken = len(statuses) - 1
    assert statuses == [Ack.ACCEPTED] * taken + [Ack.NO_ROOM]
    assert [line.take().asdu[1] for _ in range(taken)] == list(range(taken))
    line.send_body(Kind.DATA, line.seq, READ.encode())
    assert line.acked(line.seq) == Ack.ACCEPTED, "the same number, now that there is room"
    assert line.take().asdu == READ_ANSWER


# --- rules 1 and 2, and ACK statuses as the host gives them


def test_rule_1_one_frame_at_a_time_and_an_ack_answers_one_number(line: Line) -> None:
    """Two events make four frames; the second one leaves when the first has its own ACK, and not before."""
    for _ in range(2):
        assert line.acked_amid_data(line.data(raise_event())) == Ack.ACCEPTED
    first = line.body()
    line.ack(first.seq + 1)
    assert line.body() == first, "sent again: that ACK was not for it"
    bodies = [first]
    line.ack(first.seq)
    bodies += [line.take_body() for _ in range(SEVERAL - 1)]
    assert [body.seq for body in bodies] == [(first.seq + n) % SEQ_COUNT for n in range(SEVERAL)]
    assert line.serves()


def test_rule_2_five_transmissions_then_the_frame_is_dropped_and_counted(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    assert line.acked(line.data(bench_read(Attr.ROLE))) == Ack.ACCEPTED
    assert line.acked_amid_data(line.data(READ)) == Ack.ACCEPTED
    bodies = [line.body() for _ in range(TRANSMISSIONS + 1)]
    assert bodies[:TRANSMISSIONS] == [bodies[0]] * TRANSMISSIONS
    line.ack(bodies[-1].seq)
    assert _asdu(bodies[-1]) == READ_ANSWER, "the next frame's turn, and the first is not sent a sixth time"
    assert line.bench_int(Attr.LINK_DROPS) == drops + 1


def test_rule_2_a_frame_without_its_ack_does_not_keep_the_device_from_serving(line: Line) -> None:
    entries = line.bench_int(Attr.SECURITY_LOG_ENTRIES)
    assert line.acked(line.data(READ)) == Ack.ACCEPTED
    assert line.acked_amid_data(line.data(raise_event())) == Ack.ACCEPTED
    line.sync()
    assert line.bench_int(Attr.SECURITY_LOG_ENTRIES) == entries + 1


@pytest.mark.parametrize(("status", "counted"), [(Ack.ACCEPTED, 0), (Ack.REPEATED, 0), (Ack.NOT_UNDERSTOOD, 1)])
def test_ack_of_the_host_00_01_and_03_let_the_next_frame_go(line: Line, status: Ack, counted: int) -> None:
    """03 drops the frame that the host did not understand, and counts it."""
    drops = line.bench_int(Attr.LINK_DROPS)
    assert line.acked(line.data(bench_read(Attr.ROLE))) == Ack.ACCEPTED
    first = line.body()
    line.ack(first.seq, status)
    assert line.serves()
    assert line.bench_int(Attr.LINK_DROPS) == drops + counted


def test_ack_of_the_host_02_the_same_frame_again_until_there_is_room(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    assert line.acked(line.data(READ)) == Ack.ACCEPTED
    first = line.body()
    for _ in range(TRANSMISSIONS + SEVERAL):  # more often than without any ACK
        line.ack(first.seq, Ack.NO_ROOM)
        assert line.body() == first
    line.ack(first.seq)
    assert line.bench_int(Attr.LINK_DROPS) == drops


def test_ack_of_the_host_02_for_two_seconds_and_the_frame_is_given_up_and_counted(line: Line) -> None:
    drops = line.bench_int(Attr.LINK_DROPS)
    assert line.acked(line.data(bench_read(Attr.ROLE))) == Ack.ACCEPTED
    assert line.acked_amid_data(line.data(READ)) == Ack.ACCEPTED
    first = body = line.body()
    while body == first:
        line.ack(first.seq, Ack.NO_ROOM)
        body = line.body()
    line.ack(body.seq)
    assert _asdu(body) == READ_ANSWER
    assert line.bench_int(Attr.LINK_DROPS) == drops + 1


def _asdu(body: Body) -> bytes:
    return Data.decode(body.payload).asdu
