"""MP078 before and after, shown on a meter: what was asked, the bytes both ways, and whether it is as it should be.

Each row says what must come back, from the specification and not from the meter, so the demonstration fails where a
meter does something else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from . import zcl
from .bench import Behaviour, Bench, DeviceType
from .capture import Capture
from .eui64 import CAD, CHF, EUI64, GPF, IHD, PPMID, STRANGER, name
from .link import Link
from .meter import Meter
from .supervisor import ROOT
from .zcl import Cluster, Status

ZIGPY_PROGRAM: Final = "host_tests.zigpy_host.ask"
ZIGPY_TIMEOUT_S: Final = 1.0
ZIGPY_START_S: Final = 30.0

NOW_UTC: Final = 0x31421B80  # 2026-03-10T00:00:00Z
CONFIGURABLE: Final = 44
ROW_BYTES: Final = 3
REPORT_HEAD: Final = 5  # header, index, total
GET: Final = "09 00 05 FF81"
REPORT: Final = bytes((zcl.CLUSTER_TO_SERVER, 0x00, 0x04))

REFUSAL: Final[dict[int, tuple[bytes, ...]]] = {
    Behaviour.GBCS_4_0: (),
    Behaviour.IRP550_DRAFT: (bytes.fromhex("08 00 0B 05 8B"),),
    Behaviour.MP078: (bytes.fromhex("00 00 0B 05 8B"),),
}
MEANING: Final = {
    Behaviour.GBCS_4_0: "nothing is sent; the host waits for its time-out",
    Behaviour.IRP550_DRAFT: "NOT_FOUND, but frame control 08 points the wrong way",
    Behaviour.MP078: "NOT_FOUND, frame control 00: client to server",
}
ZIGPY_SAYS: Final = {
    Behaviour.GBCS_4_0: "TimeoutError",
    Behaviour.IRP550_DRAFT: "TimeoutError",
    Behaviour.MP078: "DefaultResponse",
}
TITLES: Final = {
    Behaviour.GBCS_4_0: "GBCS 4.0",
    Behaviour.IRP550_DRAFT: "IRP550 draft",
    Behaviour.MP078: "MP078",
}

READERS: Final = (CHF, GPF, IHD, PPMID, CAD, STRANGER)
HUB: Final = (CHF, GPF)
HOME: Final = ((IHD, DeviceType.TYPE_2), (PPMID, DeviceType.PPMID), (CAD, DeviceType.TYPE_2))
RAISED: Final = (0x8F3F, 0x8F74, 0x8183)  # two for the Security Log, one for the Event Log
PUBLISH: Final = bytes((zcl.CLUSTER_TO_CLIENT_NO_DR, 0x00, 0x01))
REFUSED: Final = (bytes.fromhex("08 00 0B 00 7E"),)


@dataclass(frozen=True)
class Log:
    """A log: the request that reads all of it, with event data, and its first entry's log id and code."""

    title: str
    request: str
    id: int
    closed_by_mp078: bool


LOGS: Final = (
    Log("Security Log", "01 00 00 14 0000 00000000 FFFFFFFF 00 0000", 4, closed_by_mp078=True),
    Log("Event Log", "01 00 00 13 0000 00000000 FFFFFFFF 00 0000", 3, closed_by_mp078=False),
)


@dataclass(frozen=True)
class Row:
    """A line of a table. `received` is empty for silence, None where another program has seen it.

    `right`: as the specification has it.
    """

    who: str
    sent: bytes
    received: tuple[bytes, ...] | None
    meaning: str
    right: bool


@dataclass(frozen=True)
class Section:
    """A table of the demonstration."""

    title: str
    rows: tuple[Row, ...]


def run(port: str, capture: Capture) -> Iterator[Section]:
    """Shows the modification on the meter behind `port`, table by table, and leaves it as it left the factory.

    LinkError and PortError where there is no meter, BenchError where it is no bench build.
    """
    with _connected(port, capture) as bench:
        bench.factory_reset()
        bench.set_clock(NOW_UTC)
        answers = _ask(bench, GET, Cluster.DEVICE_MANAGEMENT)
        yield Section("GCS20r: the hub reads the event configuration", (_configuration(answers),))
        for code in _codes(answers):
            bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.UNSUPPORTED_ATTRIBUTE)
    for behaviour in Behaviour:
        yield Section(
            f"GCS20r, and the meter holds no answer: {TITLES[behaviour]}", _unanswerable(port, capture, behaviour)
        )
    with _connected(port, capture) as bench:
        _furnish(bench)
        for log in LOGS:
            for behaviour in (Behaviour.GBCS_4_0, Behaviour.MP078):
                bench.set_behaviour(behaviour)
                rows = tuple(_log_row(bench, log, who, behaviour) for who in READERS)
                yield Section(f"{log.title}: {TITLES[behaviour]}", rows)
        bench.factory_reset()


@contextmanager
def _connected(port: str, capture: Capture) -> Iterator[Bench]:
    with Link(port, capture) as link:
        link.sync()
        yield Bench(Meter(link))


def _ask(bench: Bench, frame: str, cluster: int, who: EUI64 = CHF) -> tuple[bytes, ...]:
    return tuple(bench.meter.ask(frame, cluster=cluster, who=who))


# --- GCS20r


def _codes(answers: tuple[bytes, ...]) -> list[int]:
    """The event codes in the Report Event Configuration commands."""
    rows = b"".join(answer[REPORT_HEAD:] for answer in answers)
    return [int.from_bytes(rows[at : at + 2], "little") for at in range(0, len(rows), ROW_BYTES)]


def _configuration(answers: tuple[bytes, ...]) -> Row:
    count = len(set(_codes(answers)))
    right = count == CONFIGURABLE and all(answer.startswith(REPORT) for answer in answers)
    return Row("CHF", bytes.fromhex(GET), answers, f"{count} events in {len(answers)} commands of 80 bytes", right)


def _unanswerable(port: str, capture: Capture, behaviour: Behaviour) -> tuple[Row, ...]:
    """The same question twice: as bytes, and by a stock zigpy host, which pairs answers by their direction."""
    with _connected(port, capture) as bench:
        bench.set_behaviour(behaviour)
        answers = _ask(bench, GET, Cluster.DEVICE_MANAGEMENT)
        baud = bench.meter.link.baud
    sent = bytes.fromhex(GET)
    result = _zigpy(port, baud)
    return (
        Row("CHF", sent, answers, MEANING[behaviour], answers == REFUSAL[behaviour]),
        Row("zigpy", sent, None, _zigpy_meaning(result), result.get("result") == ZIGPY_SAYS[behaviour]),
    )


def _zigpy(port: str, baud: int) -> dict[str, object]:
    """What zigpy's `Device.request` makes of it: a program of its own, since zigpy has another licence."""
    arguments = [sys.executable, "-m", ZIGPY_PROGRAM, port, "--baud", str(baud), "--timeout", str(ZIGPY_TIMEOUT_S)]
    try:
        done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=ZIGPY_START_S, check=False)
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return {"result": "zigpy cannot be run here"}
    return dict(answer)


def _zigpy_meaning(result: dict[str, object]) -> str:
    if result.get("result") == "DefaultResponse":
        return f"Device.request returns {result['status']} after {result['ms']} ms"
    if result.get("result") == "TimeoutError":
        return f"Device.request raises TimeoutError after {result['seconds']} s"
    return f"Device.request: {result.get('reason', result.get('result'))}"


# --- the logs


def _furnish(bench: Bench) -> None:
    """A home with displays, and something in both logs."""
    bench.factory_reset()
    for device, kind in HOME:
        bench.enrol(device, kind)
    for event in RAISED:
        bench.raise_event(event)


def _log_row(bench: Bench, log: Log, who: EUI64, behaviour: Behaviour) -> Row:
    answers = _ask(bench, log.request, Cluster.EVENTS, who)
    closed = log.closed_by_mp078 and behaviour == Behaviour.MP078
    may_read = who in HUB or (who != STRANGER and not closed)
    right = _shows(answers, log.id) if may_read else answers == REFUSED
    return Row(name(who), bytes.fromhex(log.request), answers, _log_meaning(answers), right)


def _shows(answers: tuple[bytes, ...], log_id: int) -> bool:
    """Whether the answers are entries of that log, and of nothing else."""
    entry = len(PUBLISH) + 5
    return bool(answers) and all(a.startswith(PUBLISH) and a[entry] == log_id for a in answers)


def _log_meaning(answers: tuple[bytes, ...]) -> str:
    if not answers:
        return "silence"
    response = zcl.Frame.parse(answers[0]).default_response
    if response:
        return f"refused: {zcl.status_name(response[1])}"
    total = int.from_bytes(answers[0][len(PUBLISH) : len(PUBLISH) + 2], "little")
    return f"{total} entries" if total > 1 else "1 entry"
