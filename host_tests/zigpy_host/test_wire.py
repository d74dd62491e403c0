"""The hub's end of the HAN link against the worked frames of the link's description, and against damage."""

import pytest

from host_tests.zigpy_host.wire import ACK, DATA, SYNC, VERSION, Frame, unwrap, wrap

HUB_EUI64 = 0x00DB1234567890A2
GET_CONFIGURATION = Frame(HUB_EUI64, 1, 1, 0x0109, 0x0708, 2, bytes.fromhex("09 00 05 FF81"))

WORKED = [
    ("SYNC", SYNC, 0, bytes((VERSION,)), "01 01 06 01 84 E9 46 88 00"),
    (
        "ACK of a SYNC",
        ACK,
        0,
        bytes.fromhex("00 01 4006 A190785634 12DB00"),
        "02 02 01 0B 01 40 06 A1 90 78 56 34 12 DB 05 55 3C D1 C7 00",
    ),
    (
        "DATA",
        DATA,
        1,
        GET_CONFIGURATION.pack(),
        "0A 01 01 A2 90 78 56 34 12 DB 09 01 01 09 01 08 07 02 09 08 05 FF 81 EA 5C 53 EB 00",
    ),
    ("ACK of DATA", ACK, 1, bytes(1), "03 02 01 05 3D 3C DE E5 00"),
]


@pytest.mark.parametrize(("name", "kind", "seq", "payload", "wire"), WORKED)
def test_worked_frames(name: str, kind: int, seq: int, payload: bytes, wire: str) -> None:
    """Built and taken apart, each worked frame is the same to the bit."""
    assert wrap(kind, seq, payload) == bytes.fromhex(wire), name
    assert unwrap(bytes.fromhex(wire)[:-1]) == (kind, seq, payload), name


def test_data_header_round_trip() -> None:
    """The 15 header bytes say the same in both directions."""
    assert Frame.unpack(GET_CONFIGURATION.pack()) == GET_CONFIGURATION


def test_every_flipped_bit_is_dropped() -> None:
    """A damaged frame is never understood as another one (rule 5)."""
    wire = wrap(DATA, 1, GET_CONFIGURATION.pack())[:-1]
    damaged = 0
    for bit in range(len(wire) * 8):
        flipped = bytearray(wire)
        flipped[bit // 8] ^= 1 << bit % 8
        parts = [unwrap(bytes(part)) for part in flipped.split(b"\0") if part]
        assert parts == [None] * len(parts), bit
        damaged += 1
    assert damaged == len(wire) * 8
