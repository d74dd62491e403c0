"""Read Attributes and the three ways to write: records, their order, their statuses, and the 80 bytes of an answer.

Source: ZCL 2.5.1 to 2.5.5 and 2.6.2 (data types); a record that cannot be written is answered, in this order, not held
86, not writable 88, wrong type 8D, out of range 87, then its own failure, then a store that refuses (C0); an answer on
the HAN is at most 80 bytes, and what finds no room is left out. What a pass does not prove: who may read or write what
(test_access_table.py), and frames cut or extended at each byte (sweeps/).
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import Bench, Fault
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster, Type, u16
from host_tests.judges.zcl_types import TYPES, sample

BASIC, IDENTIFY, METERING, MANAGEMENT = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING, Cluster.DEVICE_MANAGEMENT
FRAME: Final = 80  # bytes of an answer at most
LOCATION: Final = 0x0010
ENVIRONMENT: Final = 0x0011
NOBODYS: Final = bytes.fromhex("FEFE")
REGISTERS: Final = (0x0000, 0x0100, 0x0102, 0x0104, 0x0106, 0x0700, 0x0701, 0x0702)  # ten bytes each in an answer
TIMEOUT: Final = 0x94

READS: Final = [  # cluster, action, frame, answer
    (BASIC, "one", "00 01 00 0700", "08 01 01 0700 00 30 03"),
    (BASIC, "in the order asked", "00 02 00 1100 0700", "08 02 01 1100 00 30 00 0700 00 30 03"),
    (BASIC, "the same twice", "00 03 00 1100 1100", "08 03 01 1100 00 30 00 1100 00 30 00"),
    (BASIC, "an empty string", "00 04 00 1000", "08 04 01 1000 00 42 00"),
    (BASIC, "Default Response disabled", "10 05 00 1100", "08 05 01 1100 00 30 00"),
    (BASIC, "one of three held", "00 06 00 FEFE 1100 0100", "08 06 01 FEFE 86 1100 00 30 00 0100 86"),
    (METERING, "the client side, which has none", "08 07 00 0000", "00 07 01 0000 86"),
    (MANAGEMENT, "of a client", "08 08 00 0D81 0E81", "00 08 01 0D81 00 18 18 0E81 00 18 08"),
    (BASIC, "none", "00 09 00", "08 09 0B 00 80"),
    (BASIC, "one and a half", "00 0A 00 1100 10", "08 0A 0B 00 80"),
]


def test_read(meter: Meter) -> None:
    for cluster, action, sent, answer in READS:
        assert meter.ask(sent, cluster=cluster) == [bytes.fromhex(answer)], action


def test_read_what_is_not_held_or_fails(meter: Meter, bench: Bench) -> None:
    """Not held: as if there were none. A failing store: its status in that record, the others are served."""
    sent = "00 01 00 0003 1400 0502"
    for status, record in (
        (0x86, "1400 86"),
        (0x8B, "1400 86"),
        (0xC0, "1400 C0"),
        (TIMEOUT, "1400 94"),
    ):
        bench.set_attribute(METERING, 0x0014, status)
        expected = bytes.fromhex(f"08 01 01 0003 00 30 01 {record} 0502 00 21 6400")
        assert meter.ask(sent, cluster=METERING) == [expected], f"{status:02X}"
        bench.set_attribute(METERING, 0x0014, kind=Type.ENUM8, value=b"\x01")  # holds and works again
        expected = bytes.fromhex("08 01 01 0003 00 30 01 1400 00 30 01 0502 00 21 6400")
        assert meter.ask(sent, cluster=METERING) == [expected]


def test_read_as_much_as_80_bytes_hold(meter: Meter, bench: Bench) -> None:
    """Seven registers leave seven bytes: a u24 fills the frame, a u32 or another register is left out."""
    for number, register in enumerate(REGISTERS):
        bench.set_attribute(METERING, register, kind=Type.UINT48, value=bytes((number, 0, 0, 0, 0, 1)))
    records = [u16(id_) + b"\x00\x25" + bytes((n, 0, 0, 0, 0, 1)) for n, id_ in enumerate(REGISTERS)]
    seven, asked = b"\x08\x01\x01" + b"".join(records[:7]), b"\x00\x01\x00" + b"".join(map(u16, REGISTERS[:7]))
    multiplier, nobodys = bytes.fromhex("0103 00 22 010000"), NOBODYS + b"\x86"
    for more, fits in (
        (b"\x01\x03", multiplier),
        (b"\x01\x03" + NOBODYS, multiplier),
        (b"\x00\x0a", b""),
        (u16(REGISTERS[7]), b""),
        (NOBODYS * 3, nobodys * 2),
    ):
        assert meter.ask(asked + more, cluster=METERING) == [seven + fits], more.hex(" ")
    assert len(seven + multiplier) == FRAME
    (answer,) = meter.ask(b"\x00\x01\x00" + NOBODYS * 40, cluster=METERING)
    assert answer == b"\x08\x01\x01" + nobodys * 25


def environment(meter: Meter) -> tuple[bytes, int]:
    """LocationDescription and PhysicalEnvironment."""
    (answer,) = meter.ask("00 7F 00 1000 1100", cluster=BASIC)
    length = answer[7]
    assert answer[3:7] == b"\x10\x00\x00\x42"
    assert answer[8 + length : -1] == b"\x11\x00\x00\x30"
    return answer[8 : 8 + length], answer[-1]


SIXTEEN: Final = "000102030405060708090A0BFEFFC3A4"  # any bytes: no text needed
WRITES: Final = [  # action, frame to Basic, answer, then LocationDescription and PhysicalEnvironment
    ("one", "00 01 02 1100 30 01", "08 01 04 00", "", 1),
    ("two", "00 02 02 1000 42 02 4142 1100 30 02", "08 02 04 00", "4142", 2),
    ("Default Response disabled", "10 03 02 1100 30 03", "08 03 04 00", "4142", 3),
    ("the same twice", "00 04 02 1100 30 FE 1100 30 04", "08 04 04 00", "4142", 4),
    ("sixteen bytes of anything", f"00 05 02 1000 42 10 {SIXTEEN}", "08 05 04 00", SIXTEEN, 4),
    ("seventeen", "00 06 02 1000 42 11" + "41" * 17, "08 06 04 87 1000", SIXTEEN, 4),
    ("none", "00 07 02 1000 42 00", "08 07 04 00", "", 4),
    ("failures alone are listed", "00 08 02 0700 30 01 1100 30 05 FEFE 20 01", "08 08 04 88 0700 86 FEFE", "", 5),
    ("in their order", "00 09 02 FEFE 20 01 1100 20 01 0000 20 01", "08 09 04 86 FEFE 8D 1100 88 0000", "", 5),
    ("undivided", "00 0A 03 1000 42 01 41 1100 30 06", "08 0A 04 00", "41", 6),
    ("undivided, the first fails", "00 0B 03 FEFE 20 01 1100 30 07", "08 0B 04 86 FEFE", "41", 6),
    ("undivided, the last fails", "00 0C 03 1100 30 07 1000 41 01 42", "08 0C 04 8D 1000", "41", 6),
    ("undivided, all fail", "00 0D 03 0700 30 01 FEFE 20 01", "08 0D 04 88 0700 86 FEFE", "41", 6),
    ("no response", "00 0E 05 1100 30 08", "", "41", 8),
    ("no response, the rest is written", "00 0F 05 FEFE 20 01 1000 42 01 43 0700 30 01", "", "43", 8),
    ("no record", "00 10 02", "08 10 0B 02 80", "43", 8),
    ("a record and half of one", "00 11 02 1100 30 09 1000 42", "08 11 0B 02 80", "43", 8),
    ("undivided, half a record", "00 12 03 1100 30 09 1000", "08 12 0B 03 80", "43", 8),
]


def test_write(meter: Meter) -> None:
    """Step by step on one meter; what was written is there after a restart."""
    for action, sent, answer, location, surroundings in WRITES:
        expected = [bytes.fromhex(answer)] if answer else []
        assert meter.ask(sent, cluster=BASIC) == expected, action
        assert environment(meter) == (bytes.fromhex(location), surroundings), action
    Bench(meter).reboot()
    assert environment(meter) == (bytes.fromhex("43"), 8)


def test_write_answers_as_many_failures_as_80_bytes_hold(meter: Meter) -> None:
    """25 of 40; what can be written behind them is written all the same."""
    sent = b"\x00\x01\x02" + (NOBODYS + b"\x20\x01") * 40 + bytes.fromhex("1100 30 05")
    assert meter.ask(sent, cluster=BASIC) == [b"\x08\x01\x04" + (b"\x86" + NOBODYS) * 25]
    assert environment(meter) == (b"", 5)


OBSTACLES: Final = [  # what is wrong, each with all that comes behind it in the order; record, status
    ("not held", "FEFE 41 11" + "41" * 17, 0x86),
    ("not writable", "0400 41 11" + "41" * 17, 0x88),
    ("wrong type", "1000 41 11" + "41" * 17, 0x8D),
    ("out of range", "1000 42 11" + "41" * 17, 0x87),
    ("its own failure", "1000 42 10" + "41" * 16, TIMEOUT),
    ("a store that refuses", "1100 30 01", 0xC0),
]


@pytest.mark.parametrize("command", ["02", "03"], ids=["Write", "Write Undivided"])
def test_the_order_of_what_can_be_wrong_with_a_record(meter: Meter, bench: Bench, command: str) -> None:
    """LocationDescription fails and the store refuses writes: one by one, then all in one frame; nothing is written."""
    bench.set_attribute(BASIC, LOCATION, TIMEOUT)
    bench.inject_fault(Fault.WRITES)
    for wrong, record, status in OBSTACLES:
        sent = bytes.fromhex(f"00 01 {command} {record}")
        assert meter.ask(sent, cluster=BASIC) == [b"\x08\x01\x04" + bytes((status,)) + sent[3:5]], wrong
    together = bytes.fromhex(f"00 01 {command}" + "".join(record for _, record, _ in OBSTACLES))
    failures = "".join(f"{status:02X} {record[:4]}" for _, record, status in OBSTACLES)
    assert meter.ask(together, cluster=BASIC) == [bytes.fromhex("08 01 04" + failures)]
    bench.inject_fault(0)
    bench.set_attribute(BASIC, LOCATION, kind=Type.STRING, value=b"\x00")
    assert environment(meter) == (b"", 0)


def test_write_what_is_not_held(meter: Meter, bench: Bench) -> None:
    """86 for either status that takes an attribute away; given back, it can be written again."""
    for status in (0x86, 0x8B):
        bench.set_attribute(BASIC, ENVIRONMENT, status)
        assert meter.ask("00 01 02 1100 20 01", cluster=BASIC) == [bytes.fromhex("08 01 04 86 1100")]
        bench.set_attribute(BASIC, ENVIRONMENT, kind=Type.ENUM8, value=b"\x02")
        assert meter.ask("00 01 02 1100 30 03", cluster=BASIC) == [bytes.fromhex("08 01 04 00")]


# Values of types whose length is not the type's own, beside the short ones of the table.
VALUES: Final = [
    *((type_id, sample(type_id)) for type_id in TYPES),
    (0x41, b"\xff"),  # no string, and nothing behind
    (0x42, b"\x00"),
    (0x42, b"\xfe" + b"A" * 254),
    (0x43, b"\xff\xff"),
    (0x44, b"\x00\x00"),
    (0x44, b"\x2c\x01" + b"A" * 300),
    (0x48, b"\x20\xff\xff"),  # no array
    (0x48, b"\x20\x00\x00"),
    (0x48, b"\x42\x02\x00" + b"\x01A" + b"\xff"),
    (0x48, b"\x48\x02\x00" + b"\x20\x01\x00\x07" + b"\x21\x01\x00\x07\x00"),
    (0x4C, b"\xff\xff"),
    (0x4C, b"\x00\x00"),
    (0x4C, b"\x03\x00" + b"\x00" + b"\x42\x01A" + b"\xf0" + bytes(8)),
    (0x4C, b"\x01\x00" + b"\x4c\x01\x00" + b"\x51\x19\x01\x00\x07\x00"),
    (0x50, b"\x25\x02\x00" + bytes(12)),
    (0x51, b"\x4c\x01\x00" + b"\x02\x00\x10\x01\x08\x02"),
]


def test_every_data_type_is_passed_over(meter: Meter) -> None:
    """An unknown attribute of any type is 86, and the record behind it begins where its value ends."""
    for number, (type_id, value) in enumerate(VALUES):
        record = NOBODYS + bytes((type_id,)) + value
        sent = b"\x00\x01\x02" + record + b"\x11\x00\x30" + bytes((number,))
        assert meter.ask(sent, cluster=BASIC) == [b"\x08\x01\x04\x86" + NOBODYS], record.hex(" ")
        assert environment(meter) == (b"", number), record.hex(" ")
    assert len(VALUES) == len(TYPES) + 16


def test_a_value_that_ends_too_early_is_malformed(meter: Meter) -> None:
    """Of every type, cut at each byte of a short value: 80 for the frame, and what stands before it is not written."""
    cuts = 0
    for type_id in TYPES:
        value = sample(type_id)
        for length in range(len(value)):
            sent = b"\x00\x01\x02\x11\x00\x30\x09" + NOBODYS + bytes((type_id,)) + value[:length]
            assert meter.ask(sent, cluster=BASIC) == [bytes.fromhex("08 01 0B 02 80")], sent.hex(" ")
            cuts += 1
    assert environment(meter) == (b"", 0)
    assert cuts == sum(len(sample(type_id)) for type_id in TYPES)
