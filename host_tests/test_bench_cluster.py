"""The bench cluster's commands: every one with every status that it can have, and what it then does.

Source: the bench cluster of the serial HAN link, version 1: unknown event, device or attribute 8B; a value out of its
range 87; a field of the wrong length 80; a wrong type 8D; storage fault C0; unknown command 83. Who reaches it, and its
attributes, are in test_bench_door.py; Reboot, Factory Reset and Set Identity in test_state.py. Enrol Remote Party (04)
is left out: a meter without remote parties does not know it.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.bench import INVALID_UTC, Attr, Behaviour, Bench, Command, DeviceType, Fault
from gsme_host.eui64 import CHF, EUI64, IHD, PPMID
from gsme_host.meter import BENCH_MANUFACTURER, Meter, bench_data
from gsme_host.zcl import Cluster, Frame, Status, u8, u16
from host_tests.judges.meter_map import ATTRIBUTES, Attribute, Side
from host_tests.judges.zcl_types import sample
from host_tests.support import event_configuration as ec
from host_tests.support.event_logs import HARDWARE_FAILURE, NOT_FOUND, get_log
from host_tests.support.target import Target

NO_DEFAULT_RESPONSE: Final = 0x15  # frame control of a bench command
NOT_BUILT: Final = Command.ENROL_REMOTE_PARTY
MOST_DEVICES: Final = 1000  # no Device Log is larger
IHD_HEX: Final = bytes(IHD).hex()

STEPS: Final = [  # action, command, payload, status
    ("raise an event", Command.RAISE_EVENT, "8381 00", Status.SUCCESS),
    ("with data", Command.RAISE_EVENT, "8381 02 AABB", Status.SUCCESS),
    ("with the most data", Command.RAISE_EVENT, "8381 10" + 16 * "A5", Status.SUCCESS),
    ("with a byte behind them", Command.RAISE_EVENT, "8381 01 AA BB", Status.SUCCESS),
    ("with data too long", Command.RAISE_EVENT, "8381 11" + 17 * "A5", Status.MALFORMED_COMMAND),
    ("with data cut short", Command.RAISE_EVENT, "8381 02 AA", Status.MALFORMED_COMMAND),
    ("with no data and no length", Command.RAISE_EVENT, "8381", Status.MALFORMED_COMMAND),
    ("with half a code", Command.RAISE_EVENT, "83", Status.MALFORMED_COMMAND),
    ("that there is not", Command.RAISE_EVENT, "0082 00", Status.NOT_FOUND),
    ("that there is not, cut short", Command.RAISE_EVENT, "0082", Status.MALFORMED_COMMAND),
    ("set the clock", Command.SET_CLOCK, "00A7002F", Status.SUCCESS),
    ("to the first second", Command.SET_CLOCK, "00000000", Status.SUCCESS),
    ("to the last one", Command.SET_CLOCK, "FEFFFFFF", Status.SUCCESS),
    ("to the invalid time", Command.SET_CLOCK, "FFFFFFFF", Status.INVALID_VALUE),
    ("to three bytes", Command.SET_CLOCK, "00A700", Status.MALFORMED_COMMAND),
    *((f"enrol as {kind.name}", Command.ENROL_DEVICE, IHD_HEX + f"{kind:02X}", Status.SUCCESS) for kind in DeviceType),
    ("enrol as type 7", Command.ENROL_DEVICE, IHD_HEX + "07", Status.INVALID_VALUE),
    ("enrol as type FF", Command.ENROL_DEVICE, IHD_HEX + "FF", Status.INVALID_VALUE),
    ("enrol without a type", Command.ENROL_DEVICE, IHD_HEX, Status.MALFORMED_COMMAND),
    ("remove", Command.REMOVE_DEVICE, IHD_HEX, Status.SUCCESS),
    ("remove again", Command.REMOVE_DEVICE, IHD_HEX, Status.NOT_FOUND),
    ("remove half a device", Command.REMOVE_DEVICE, IHD_HEX[:14], Status.MALFORMED_COMMAND),
    *((f"behaviour {n}", Command.SET_BEHAVIOUR, f"{n:02X}", Status.SUCCESS) for n in Behaviour),
    ("behaviour 3", Command.SET_BEHAVIOUR, "03", Status.INVALID_VALUE),
    ("behaviour FF", Command.SET_BEHAVIOUR, "FF", Status.INVALID_VALUE),
    ("no behaviour", Command.SET_BEHAVIOUR, "", Status.MALFORMED_COMMAND),
    *((f"faults {n:X}", Command.INJECT_FAULT, f"{n:02X}", Status.SUCCESS) for n in range(15, -1, -1)),
    ("a fault that there is not", Command.INJECT_FAULT, "10", Status.INVALID_VALUE),
    ("all bits of the faults", Command.INJECT_FAULT, "FF", Status.INVALID_VALUE),
    ("no faults", Command.INJECT_FAULT, "", Status.MALFORMED_COMMAND),
    ("wake", Command.WAKE, "", Status.SUCCESS),
    ("set an attribute", Command.SET_ATTRIBUTE, "0207 0000 00 25 010203040506", Status.SUCCESS),
    ("with a byte behind it", Command.SET_ATTRIBUTE, "0207 0000 00 25 010203040506 07", Status.SUCCESS),
    ("its value cut short", Command.SET_ATTRIBUTE, "0207 0000 00 25 0102030405", Status.MALFORMED_COMMAND),
    ("a string cut short", Command.SET_ATTRIBUTE, "0207 0703 00 41 02 41", Status.MALFORMED_COMMAND),
    ("no type", Command.SET_ATTRIBUTE, "0207 0000 00", Status.MALFORMED_COMMAND),
    ("no status", Command.SET_ATTRIBUTE, "0207 0000", Status.MALFORMED_COMMAND),
    ("a wrong type", Command.SET_ATTRIBUTE, "0207 0000 00 23 01020304", Status.INVALID_DATA_TYPE),
    ("a type that there is not", Command.SET_ATTRIBUTE, "0207 0000 00 77 01", Status.INVALID_DATA_TYPE),
    ("an octet string as a string", Command.SET_ATTRIBUTE, "0207 0703 00 42 01 41", Status.INVALID_DATA_TYPE),
    ("an attribute that there is not", Command.SET_ATTRIBUTE, "0207 EFBE 00 20 01", Status.NOT_FOUND),
    ("the same, not held", Command.SET_ATTRIBUTE, "0207 EFBE 86", Status.NOT_FOUND),
    ("the same, failing", Command.SET_ATTRIBUTE, "0207 EFBE C0", Status.NOT_FOUND),
    ("a cluster that there is not", Command.SET_ATTRIBUTE, "AD0B 0000 86", Status.NOT_FOUND),
    ("a critical code's configuration", Command.SET_ATTRIBUTE, "0807 3E8F 00 18 0B", Status.NOT_FOUND),
    ("the longest SiteID", Command.SET_ATTRIBUTE, "0207 0703 00 41 20" + 32 * "41", Status.SUCCESS),
    ("a SiteID too long", Command.SET_ATTRIBUTE, "0207 0703 00 41 21" + 33 * "41", Status.INVALID_VALUE),
    ("a CIN too long", Command.SET_ATTRIBUTE, "0207 1103 00 41 19" + 25 * "41", Status.INVALID_VALUE),
    ("a location too long", Command.SET_ATTRIBUTE, "0000 1000 00 42 11" + 17 * "41", Status.INVALID_VALUE),
    ("a configuration byte", Command.SET_ATTRIBUTE, "0807 0D81 00 18 5B", Status.SUCCESS),
    ("one that GBCS does not allow", Command.SET_ATTRIBUTE, "0807 0D81 00 18 9B", Status.INVALID_VALUE),
    ("one for the Security Log", Command.SET_ATTRIBUTE, "0807 0D81 00 18 04", Status.INVALID_VALUE),
    ("set the identity", Command.SET_IDENTITY, "A190785634127856", Status.SUCCESS),
    ("half an identity", Command.SET_IDENTITY, "A1907856", Status.MALFORMED_COMMAND),
    ("no bytes of storage", Command.READ_STORAGE, "00000000 00", Status.INVALID_VALUE),
    ("more than an answer takes", Command.READ_STORAGE, "00000000 41", Status.INVALID_VALUE),
    ("beyond the end of storage", Command.READ_STORAGE, "FFFFFF7F 01", Status.INVALID_VALUE),
    ("no count", Command.READ_STORAGE, "00000000", Status.MALFORMED_COMMAND),
    ("reset", Command.FACTORY_RESET, "", Status.SUCCESS),
    ("reset with a byte behind it", Command.FACTORY_RESET, "00", Status.SUCCESS),
]

WITHOUT_STORAGE: Final = [  # action, command, payload, status while storage refuses writes
    ("enrol", Command.ENROL_DEVICE, IHD_HEX + "06", Status.HARDWARE_FAILURE),
    ("enrol out of range", Command.ENROL_DEVICE, IHD_HEX + "07", Status.INVALID_VALUE),
    ("remove", Command.REMOVE_DEVICE, bytes(PPMID).hex(), Status.HARDWARE_FAILURE),
    ("remove a stranger", Command.REMOVE_DEVICE, IHD_HEX, Status.NOT_FOUND),
    ("behaviour", Command.SET_BEHAVIOUR, "00", Status.HARDWARE_FAILURE),
    ("behaviour out of range", Command.SET_BEHAVIOUR, "03", Status.INVALID_VALUE),
    ("an attribute's value", Command.SET_ATTRIBUTE, "0207 0000 00 25 010203040506", Status.HARDWARE_FAILURE),
    ("an attribute not held", Command.SET_ATTRIBUTE, "0207 0000 86", Status.HARDWARE_FAILURE),
    ("an attribute that there is not", Command.SET_ATTRIBUTE, "0207 EFBE 86", Status.NOT_FOUND),
    ("a wrong type", Command.SET_ATTRIBUTE, "0207 0000 00 23 01020304", Status.INVALID_DATA_TYPE),
    ("the identity", Command.SET_IDENTITY, "0000000000000001", Status.HARDWARE_FAILURE),
    ("an event", Command.RAISE_EVENT, "8381 00", Status.HARDWARE_FAILURE),
    ("the clock", Command.SET_CLOCK, "00A7002F", Status.SUCCESS),
    ("wake", Command.WAKE, "", Status.SUCCESS),
]


def value_of(cluster: int, attribute: Attribute) -> bytes:
    """A value that no attribute has from the factory; an identify time that counts down is no use."""
    value = sample(attribute.type)
    return value if cluster == Cluster.IDENTIFY or any(value) else b"\x43" * len(value)


def command(bench: Bench, number: int, payload: str) -> int:
    """Sends a bench command; returns the status of its answer."""
    return bench.command(number, bytes.fromhex(payload), check=False)


def test_steps(bench: Bench) -> None:
    for action, number, payload, status in STEPS:
        assert command(bench, number, payload) == status, action
    built = set(Command) - {NOT_BUILT, Command.REBOOT, Command.LEAVE}
    assert {number for _, number, _, _ in STEPS} == built, "every command but those that end the meter's work"


def test_storage_is_read_as_it_is(bench: Bench) -> None:
    """The header of the first segment, at the beginning of the third block; what an answer takes at the most."""
    block = bench.read_int(Attr.ERASE_BLOCK_BYTES)
    assert bench.read_storage(2 * block, 3) == b"GJ\x01"
    size = bench.read_int(Attr.STORAGE_BYTES)
    assert size % block == 0
    assert len(bench.read_storage(size - 64, 64)) == 64
    end, beginning = bench.read_storage(3 * block - 2, 2), bench.read_storage(3 * block, 2)
    assert bench.read_storage(3 * block - 2, 4) == end + beginning, "over the end of a block"


def test_every_other_command_is_unknown(bench: Bench) -> None:
    unknown = set(range(256)) - set(Command)
    for number in unknown:
        assert command(bench, number, "") == Status.UNSUP_MANUF_CLUSTER_COMMAND, f"{number:02X}"
    assert len(unknown) == 256 - len(Command)


def test_a_default_response_that_is_disabled(meter: Meter, bench: Bench) -> None:
    for payload, answers in ((b"\x02", 0), (b"\x03", 1)):
        frame = Frame(NO_DEFAULT_RESPONSE, 1, Command.SET_BEHAVIOUR, payload, BENCH_MANUFACTURER)
        assert len(meter.exchange(bench_data(frame)).answers) == answers, "success is not told, a failure is"


def test_storage_that_refuses_writes(target: Target) -> None:
    bench = target.bench
    bench.enrol(PPMID, DeviceType.PPMID)
    bench.inject_fault(Fault.WRITES)
    for action, number, payload, status in WITHOUT_STORAGE:
        assert command(bench, number, payload) == status, action
    bench.inject_fault(0)
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.MP078
    register = bytes.fromhex("08 01 01 0000 00 25 000000000000")
    assert target.meter.ask("00 01 00 0000", cluster=Cluster.METERING, who=PPMID) == [register], "still enrolled"
    assert target.meter.ask("00 01 00 0000", cluster=Cluster.METERING, who=IHD)[0][-1] == Status.NOT_AUTHORIZED
    bench.reboot()
    assert bench.meter.link.identity
    assert str(bench.meter.link.identity.eui64) != "0100000000000000"


def test_a_fault_replaces_the_last_one(meter: Meter, bench: Bench) -> None:
    """Each of the sixteen maps after each other one: what it breaks is broken and nothing else is."""
    bench.raise_event(0x8183)
    bench.raise_event(0x8F0C)
    for faults in [*range(16), *range(15, -1, -1), 0, 15, 0]:
        bench.inject_fault(faults)
        broken = {
            Fault.EVENT_CONFIGURATION: meter.ask(ec.get(0x8183), cluster=ec.CLUSTER)[0][-1] == Status.HARDWARE_FAILURE,
            Fault.EVENT_LOG: meter.ask(get_log(3), cluster=Cluster.EVENTS) == [HARDWARE_FAILURE],
            Fault.SECURITY_LOG: meter.ask(get_log(4), cluster=Cluster.EVENTS) == [HARDWARE_FAILURE],
            Fault.WRITES: bench.set_behaviour(Behaviour.MP078, check=False) == Status.HARDWARE_FAILURE,
        }
        assert sum(fault for fault, is_so in broken.items() if is_so) == faults, f"{faults:X}"


def test_a_full_device_log_says_so(bench: Bench) -> None:
    statuses: list[int] = []
    while not statuses or (statuses[-1] == Status.SUCCESS and len(statuses) < MOST_DEVICES):
        device = EUI64((0xAA0000 + len(statuses)).to_bytes(8, "little"))
        statuses.append(bench.enrol(device, DeviceType.TYPE_2, check=False))
    assert statuses[-1] == Status.INSUFFICIENT_SPACE
    assert len(statuses) > 8, "a home has so many devices"
    bench.enrol(CHF, DeviceType.CHF)
    bench.remove(EUI64((0xAA0000).to_bytes(8, "little")))
    bench.enrol(IHD, DeviceType.TYPE_2)


@pytest.mark.parametrize(("cluster", "side"), [place for place, rows in ATTRIBUTES.items() if rows], ids=str)
def test_set_attribute_on_every_attribute(meter: Meter, bench: Bench, cluster: int, side: Side) -> None:
    """A value; not held, in both ways; a failing store, also after that; and a value again."""
    for attribute in ATTRIBUTES[cluster, side]:
        value = value_of(cluster, attribute)
        for status in (0x00, 0x86, 0x00, 0x8B, 0xC1, 0x00, 0x01, 0x8B, 0xC0, 0x86, 0x00):
            held = bytes((attribute.type,)) + value if not status else b""
            payload = u16(cluster) + u16(attribute.id) + u8(status) + held
            assert bench.command(Command.SET_ATTRIBUTE, payload, check=False) == Status.SUCCESS, attribute.name
            record = u8(Status.UNSUPPORTED_ATTRIBUTE if status == Status.NOT_FOUND else status) + held
            answer = u8(side ^ 0x08) + b"\x01\x01" + attribute.image + record
            read = u8(side) + b"\x01\x00" + attribute.image
            assert meter.ask(read, cluster=cluster) == [answer], f"{attribute.name}: {status:02X}"


@pytest.mark.parametrize("status", [0x01, 0x89, 0xC0, 0xC1], ids="{:02X}".format)
def test_a_failing_attribute_fails_to_be_written(meter: Meter, bench: Bench, status: int) -> None:
    """Undivided, it keeps the others from being written; it does not keep the store of another from working."""
    written: list[tuple[int, Attribute]] = [
        (cluster, attribute) for (cluster, _), rows in ATTRIBUTES.items() for attribute in rows if attribute.writable
    ]
    for cluster, attribute in written:
        bench.set_attribute(cluster, attribute.id, status)
        for command_id in (0x02, 0x03):
            frame = b"\x00\x01" + u8(command_id) + attribute.image + u8(attribute.type) + sample(attribute.type)
            assert meter.ask(frame, cluster=cluster) == [b"\x08\x01\x04" + u8(status) + attribute.image]
    assert [attribute.id for _, attribute in written] == [0x0010, 0x0011, 0x0000]
    both = "00 01 03 1100 30 02 1000 42 01 41"
    bench.set_attribute(Cluster.BASIC, 0x0011, 0, 0x30, b"\x00")
    assert meter.ask(both, cluster=Cluster.BASIC) == [b"\x08\x01\x04" + u8(status) + b"\x10\x00"]
    assert meter.ask("00 01 00 1100", cluster=Cluster.BASIC) == [bytes.fromhex("08 01 01 1100 00 30 00")]


def test_wake_and_clock(bench: Bench) -> None:
    assert bench.read_int(Attr.UTC) == INVALID_UTC
    bench.set_clock(0x2F00A700)
    assert bench.read_int(Attr.UTC) in range(0x2F00A700, 0x2F00A703)
    assert bench.set_clock(INVALID_UTC, check=False) == Status.INVALID_VALUE
    assert bench.read_int(Attr.UTC) in range(0x2F00A700, 0x2F00A704), "a refused one changes nothing"


def test_a_refused_behaviour_changes_nothing(meter: Meter, bench: Bench) -> None:
    bench.set_behaviour(Behaviour.GBCS_4_0)
    assert bench.set_behaviour(3, check=False) == Status.INVALID_VALUE
    assert bench.read_int(Attr.BEHAVIOUR) == Behaviour.GBCS_4_0
    assert meter.ask(ec.get(0x8200), cluster=ec.CLUSTER) == []
    assert meter.ask(get_log(3), cluster=Cluster.EVENTS) == [NOT_FOUND]
