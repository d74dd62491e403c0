"""Everything that a meter keeps: a meter given something to remember, and what it then tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from gsme_host.bench import Attr, Behaviour, Bench, DeviceType
from gsme_host.eui64 import CHF, ESME, GPF, IHD, PPMID
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.sim import Simulator
from gsme_host.zcl import Cluster, Status
from host_tests.judges.meter_map import ATTRIBUTES, BASIC, METERING, Attribute, Side
from host_tests.judges.zcl_types import TYPES
from host_tests.support import event_configuration as ec
from host_tests.support import record
from host_tests.support.event_logs import ALL_LOGS, FULL, get_log
from host_tests.support.target import Target, firmware

NOON: Final = 0x2F00A8C0  # midday in 2024: no test runs into midnight
NOT_HELD: Final = ((BASIC, 0x0003), (METERING, 0x0A00), (ec.CLUSTER, 0x81A0))
EVENTS: Final = (0x8183, 0x8F3F, 0x8154, 0x8F0C, 0x8145)
REFUSED: Final = ((IHD, "00 01 00 0000"), (PPMID, "00 01 00 0703"))  # a stranger, and one who may not read SiteID
REPORTING: Final = {CHF: "00 01 06 00 0000 25 E803 D007 050000000000", GPF: "00 01 06 00 0002 18 E803 D007"}

Remembered = dict[str, list[bytes]]


def attributes() -> Iterator[tuple[int, Side, Attribute]]:
    """Every attribute that a restart keeps: Identify's counts down by itself."""
    for (cluster, side), rows in ATTRIBUTES.items():
        if cluster != Cluster.IDENTIFY:
            for attribute in rows:
                yield cluster, side, attribute


def value_of(attribute: Attribute) -> bytes:
    """A value of its own, valid for its type; none has it from the factory."""
    low = attribute.id & 0xFF
    if attribute.row.name == "EVENT_CONFIGURATION":
        return bytes((0x40 | low & 0x18,))
    size = TYPES[attribute.type].size
    return bytes((2, 0x41, 0x30 + low % 10)) if size is None else bytes((0x80 | low,)) * size


def give_something_to_remember(target: Target) -> None:
    """Changes all that is kept, and lets every kind of requester be refused once, so that nothing new is recorded."""
    meter, bench = target.meter, target.bench
    bench.set_clock(NOON)
    bench.enrol(PPMID, DeviceType.PPMID)
    bench.enrol(ESME, DeviceType.TYPE_2)
    for number, event in enumerate(EVENTS):
        bench.set_clock(NOON + 100 * number)
        bench.raise_event(event, bytes(range(number)))
    for cluster, _, attribute in attributes():
        bench.set_attribute(cluster, attribute.id, Status.SUCCESS, attribute.type, value_of(attribute))
    for cluster, attribute_id in NOT_HELD:
        bench.set_attribute(cluster, attribute_id, Status.UNSUPPORTED_ATTRIBUTE)
    for who, frame in REPORTING.items():
        assert meter.ask(frame, cluster=METERING, who=who) == [bytes.fromhex("08 01 07 00")]
    bench.set_behaviour(Behaviour.IRP550_DRAFT)
    remembered(target)


def remembered(target: Target) -> Remembered:
    """What the meter tells of all that is kept, by name."""
    meter, bench = target.meter, target.bench
    told: Remembered = {"behaviour": [bench.read(Attr.BEHAVIOUR)], **_attributes_of(meter)}
    told["configuration"] = meter.ask(ec.get(0xFFFF), cluster=ec.CLUSTER)
    for who in (PPMID, ESME):
        told[f"register to {who}"] = meter.ask("00 01 00 0000", cluster=METERING, who=who)
    for who, frame in REFUSED:
        told[f"refusal to {who}"] = meter.ask(frame, cluster=METERING, who=who)
    for who, attribute in ((CHF, "0000"), (GPF, "0002")):
        told[f"reports to {who}"] = meter.ask(f"00 01 08 00 {attribute}", cluster=METERING, who=who)
    told["logs"] = meter.ask(get_log(FULL | ALL_LOGS), cluster=Cluster.EVENTS)
    return told


def _attributes_of(meter: Meter) -> Remembered:
    return {
        f"{cluster:04X} {attribute.name}": meter.ask(bytes((side, 1, 0)) + attribute.image, cluster=cluster)
        for cluster, side, attribute in attributes()
    }


@contextmanager
def kept_in(folder: Path, eui64: str | None = None) -> Iterator[Target]:
    """A simulated meter whose storage is that folder."""
    with Simulator(mpy=firmware(), state=folder, eui64=eui64) as sim, Link(sim.port) as link:
        link.sync()
        meter = Meter(link)
        meter.settle()
        meter.unasked.clear()
        yield Target(meter, Bench(meter), sim)
        record.judge(meter)
