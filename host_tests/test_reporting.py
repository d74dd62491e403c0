"""Configure Reporting and Read Reporting Configuration: records, statuses, whose they are, how many, and how long.

Source: ZCL 2.5.7 to 2.5.10; configuring reports is the hub's (CHF and GPF), for what it may read. A maximum interval of
FFFF ends the reports; the reportable change goes with analogue types alone. The reports themselves are in
test_reports.py, refusals of other nodes in test_access_table.py.
"""

from __future__ import annotations

from typing import Final

from gsme_host.bench import Bench, DeviceType, Fault
from gsme_host.eui64 import CHF, EUI64, GPF
from gsme_host.meter import Meter
from gsme_host.zcl import Cluster, Status, u8, u16
from host_tests.judges.meter_map import Attribute, Side, attributes
from host_tests.judges.zcl_types import TYPES, sample
from host_tests.support.requesters import ask_as

METERING, BASIC, MANAGEMENT = Cluster.METERING, Cluster.BASIC, Cluster.DEVICE_MANAGEMENT
NEVER: Final = 0xFFFF
REPORTABLE: Final = tuple(one for one in attributes(METERING, Side.SERVER) if one.reportable)
FEW: Final = 8  # reports, that a hub wants at least
MORE_HUBS: Final = 14  # nodes that the Device Log has room for, each with a hub's rights

STEPS: Final = [  # action, cluster, frame, answer
    ("an analogue type, with a change", METERING, "00 01 06 00 0000 25 0100 3C00 640000000000", "08 01 07 00"),
    ("its configuration", METERING, "00 02 08 00 0000", "08 02 09 00 00 0000 25 0100 3C00 640000000000"),
    ("a discrete type, without", METERING, "10 03 06 00 1400 30 0500 2C01", "08 03 07 00"),
    ("its configuration", METERING, "10 04 08 00 1400", "08 04 09 00 00 1400 30 0500 2C01"),
    ("two at once", METERING, "00 05 06 00 0002 18 0000 0A00 00 0502 21 0000 0000 0100", "08 05 07 00"),
    ("theirs, in the order asked", METERING, "00 06 08 00 0502 00 0002",
     "08 06 09 00 00 0502 21 0000 0000 0100 00 00 0002 18 0000 0A00"),
    ("again, with other numbers", METERING, "00 07 06 00 1400 30 0000 0000", "08 07 07 00"),
    ("which replace the first ones", METERING, "00 08 08 00 1400", "08 08 09 00 00 1400 30 0000 0000"),
    ("a minimum without a maximum", METERING, "00 09 06 00 1400 30 0A00 0000", "08 09 07 00"),
    ("a minimum above the maximum", METERING, "00 0A 06 00 1400 30 0B00 0A00", "08 0A 07 87 00 1400"),
    ("which changes nothing", METERING, "00 0B 08 00 1400", "08 0B 09 00 00 1400 30 0A00 0000"),
    ("both the same", METERING, "00 0C 06 00 1400 30 0A00 0A00", "08 0C 07 00"),
    ("the end of its reports", METERING, "00 0D 06 00 1400 30 0000 FFFF", "08 0D 07 00"),
    ("none any more", METERING, "00 0E 08 00 1400", "08 0E 09 8B 00 1400"),
    ("the end of what was not", METERING, "00 0F 06 00 1400 30 0000 FFFF", "08 0F 07 00"),
    ("what there is not", METERING, "00 10 06 00 FEFE 30 0000 0000", "08 10 07 86 00 FEFE"),
    ("what there is not, read", METERING, "00 11 08 00 FEFE", "08 11 09 86 00 FEFE"),
    ("what cannot be reported", METERING, "00 12 06 00 0003 30 0000 0000", "08 12 07 8C 00 0003"),
    ("what cannot be reported, read", METERING, "00 13 08 00 0003", "08 13 09 8C 00 0003"),
    ("another type", METERING, "00 14 06 00 1400 20 0000 0000 01", "08 14 07 8D 00 1400"),
    ("8C before 8D before 87", METERING, "00 15 06 00 0003 20 0200 0100 01 00 1400 18 0200 0100",
     "08 15 07 8C 00 0003 8D 00 1400"),
    ("some fail, the rest is done", METERING, "00 16 06 00 FEFE 30 0000 0000 00 1400 30 0000 6400 00 0003 30 0000 0000",
     "08 16 07 86 00 FEFE 8C 00 0003"),
    ("which is so", METERING, "00 17 08 00 FEFE 00 1400", "08 17 09 86 00 FEFE 00 00 1400 30 0000 6400"),
    ("another cluster", BASIC, "00 18 06 00 1100 30 0000 0000", "08 18 07 8C 00 1100"),
    ("the client side", METERING, "08 19 06 00 0000 25 0000 0000 010000000000", "00 19 07 86 00 0000"),
    ("a configuration of an event", MANAGEMENT, "08 1A 06 00 0D81 18 0000 0000", "00 1A 07 8C 00 0D81"),
    ("no record", METERING, "00 1B 06", "08 1B 0B 06 80"),
    ("no change behind an analogue type", METERING, "00 1C 06 00 0502 21 0000 0000", "08 1C 0B 06 80"),
    ("half a name", METERING, "00 1D 08 00 14", "08 1D 0B 08 80"),
]  # fmt: skip


def test_steps(meter: Meter) -> None:
    """One after the other on one meter, by the CHF."""
    for action, cluster, sent, answer in STEPS:
        assert ask_as(meter, CHF, cluster, sent) == [bytes.fromhex(answer)], action


def record(attribute: Attribute, longest: int = 0) -> bytes:
    """A record that makes the meter report it: on a change of 0, or after `longest` seconds."""
    change = sample(attribute.type) if TYPES[attribute.type].analogue else b""
    return b"\x00" + attribute.image + u8(attribute.type) + u16(0) + u16(longest) + change


def configure(meter: Meter, who: EUI64, attribute: Attribute, longest: int = 0) -> int:
    """Configures one; the status of the answer."""
    (answer,) = ask_as(meter, who, METERING, b"\x00\x01\x06" + record(attribute, longest))
    assert answer[:3] == b"\x08\x01\x07"
    assert answer[4:] in (b"", b"\x00" + attribute.image)
    return answer[3]


def is_configured(meter: Meter, who: EUI64, attribute: Attribute) -> bool:
    """Whether its configuration is there, as it was made."""
    (answer,) = ask_as(meter, who, METERING, b"\x00\x01\x08\x00" + attribute.image)
    if answer[3:] == b"\x8b\x00" + attribute.image:
        return False
    assert answer[3:] == b"\x00" + record(attribute)
    return True


def test_the_frames_hold_80_bytes(meter: Meter) -> None:
    """Nineteen failures of thirty; five configurations of fifteen bytes of six."""
    failing = bytes.fromhex("00 FEFE 30 0000 0000") * 30
    assert ask_as(meter, CHF, METERING, b"\0\1\6" + failing) == [b"\x08\1\7" + bytes.fromhex("86 00 FEFE") * 19]
    registers = [one for one in REPORTABLE if one.type == 0x25][:6]
    for one in registers:
        assert configure(meter, CHF, one) == Status.SUCCESS
    sent = b"\0\1\x08" + b"".join(b"\0" + one.image for one in registers)
    assert ask_as(meter, CHF, METERING, sent) == [
        b"\x08\1\x09" + b"".join(b"\0" + record(one) for one in registers[:5])
    ]


def test_what_reports_can_be_received_is_nothing(meter: Meter) -> None:
    """Direction 1, by which the meter would expect reports: refused in its record, however the attribute is called."""
    for name in ("0000", "1400", "FEFE"):
        (answer,) = ask_as(meter, CHF, METERING, f"00 01 06 01 {name} 7800")
        assert answer[:3] + answer[4:] == bytes.fromhex(f"08 01 07 01 {name}")
        assert answer[3] != Status.SUCCESS
        (answer,) = ask_as(meter, CHF, METERING, f"00 01 08 01 {name}")
        assert answer[:3] + answer[4:] == bytes.fromhex(f"08 01 09 01 {name}")
        assert answer[3] != Status.SUCCESS


def test_every_reportable_attribute_and_no_other(meter: Meter) -> None:
    """Each in turn, and taken back."""
    for one in attributes(METERING, Side.SERVER):
        status = configure(meter, GPF, one)
        assert status == (Status.SUCCESS if one.reportable else Status.UNREPORTABLE_ATTRIBUTE), one.name
        assert not one.reportable or is_configured(meter, GPF, one)
        configure(meter, GPF, one, NEVER)
    assert len(REPORTABLE) == 15


def test_what_is_not_held_or_cannot_be_kept(meter: Meter, bench: Bench) -> None:
    """86 while it is not held; the store's status where it refuses the configuration, which is then not made."""
    status = REPORTABLE[1]
    bench.set_attribute(METERING, status.id, 0x8B)
    assert configure(meter, CHF, status) == Status.UNSUPPORTED_ATTRIBUTE
    assert ask_as(meter, CHF, METERING, "00 01 08 00 1400") == [bytes.fromhex("08 01 09 86 00 1400")]
    bench.set_attribute(METERING, status.id, kind=status.type, value=b"\x02")
    bench.inject_fault(Fault.WRITES)
    assert configure(meter, CHF, status) == Status.HARDWARE_FAILURE
    assert configure(meter, CHF, status, NEVER) == Status.HARDWARE_FAILURE
    bench.inject_fault(0)
    assert not is_configured(meter, CHF, status)


def test_each_has_its_own(meter: Meter, bench: Bench) -> None:
    """What the CHF configures is not the GPF's to see or to end; both are there after a restart, none after a reset."""
    register, status, *_ = REPORTABLE
    assert configure(meter, CHF, register) == configure(meter, CHF, status) == Status.SUCCESS
    assert not is_configured(meter, GPF, register)
    assert configure(meter, GPF, register, NEVER) == configure(meter, GPF, status) == Status.SUCCESS
    assert configure(meter, CHF, status, NEVER) == Status.SUCCESS
    kept = [(CHF, register, True), (CHF, status, False), (GPF, register, False), (GPF, status, True)]
    assert [(who, one, is_configured(meter, who, one)) for who, one, _ in kept] == kept
    bench.reboot()
    meter.settle()
    assert [(who, one, is_configured(meter, who, one)) for who, one, _ in kept] == kept
    bench.factory_reset()
    assert not any(is_configured(meter, who, one) for who, one, _ in kept)


def test_their_number_is_bounded(meter: Meter, bench: Bench) -> None:
    """INSUFFICIENT_SPACE where no more fit; those that there are stay, and what one gives up another can have."""
    more = [EUI64.parse(f"00DB12345678A0{number:02X}") for number in range(MORE_HUBS)]
    for hub in more:
        bench.enrol(hub, DeviceType.CHF)
    wanted = [(who, one) for who in (CHF, GPF, *more) for one in REPORTABLE]
    room = next(n for n, one in enumerate(wanted) if configure(meter, *one) != Status.SUCCESS)
    assert room >= FEW
    full = [configure(meter, *one) for one in wanted[room : room + FEW]]
    assert full == [Status.INSUFFICIENT_SPACE] * FEW
    assert all(is_configured(meter, *one) for one in wanted[:room])
    assert configure(meter, *wanted[0]) == Status.SUCCESS
    assert configure(meter, *wanted[0], NEVER) == Status.SUCCESS
    assert [configure(meter, *one) for one in wanted[room : room + 2]] == [0, Status.INSUFFICIENT_SPACE]
