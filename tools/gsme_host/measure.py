"""What a meter on a port takes: time to start, time an exchange, heap and flash. It is reset for that, first and last.

An exchange is timed from the first byte of the request to the last answer, the line included.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from . import zcl
from .bench import Attr, Bench, BenchError
from .eui64 import CHF
from .link import Link, LinkError
from .meter import Exchange, Meter
from .wire import LINK_KEY, Data
from .zcl import Cluster, Status, u16

BOOTS: Final = 3
ANSWER_WAIT_S: Final = 10.0
GET_EVENT_CONFIGURATION: Final = 0x05
GROUP: Final = 0x81FF
FIRST_ROW: Final = 5  # in Report Event Configuration, behind header, index and total
ROW_BYTES: Final = 3
LEFT: Final = 4  # events that the short GCS20r finds
LOGGED: Final = 10
IN_EVENT_LOG: Final = 0x8183
WHOLE_EVENT_LOG: Final = "01 00 00 13 0000 00000000 FFFFFFFF 00 0000"
REGISTER: Final = 0x0000

Say = Callable[[str], None]


@dataclass(frozen=True)
class Timing:
    """How long an exchange took in so many runs; `answers` are the frames that came back in one."""

    name: str
    answers: int
    runs: int
    p50_ms: float
    p99_ms: float
    max_ms: float


def measure(link: Link, runs: int, say: Say) -> dict[str, Any]:
    """All of it, as data of JSON. The meter is left as it leaves the factory, also where this is interrupted."""
    identity = link.sync()
    bench = Bench(Meter(link))
    who = {"eui64": str(identity.eui64), "largest_payload_bytes": identity.max_payload, **_who(bench)}
    try:
        say("starts")
        bench.factory_reset()
        boots = [_boot_ms(bench) for _ in range(BOOTS)]
        heap = bench.read_int(Attr.HEAP_FREE)
        say("flash")
        events = _events(bench)
        timings = list(_timings(bench, runs, say))
        return {
            "meter": who,
            "boot_ms": boots,
            "exchanges": [asdict(timing) for timing in timings],
            "heap": {"free_at_start_bytes": heap, "free_at_end_bytes": bench.read_int(Attr.HEAP_FREE)},
            "flash": {**_used(bench), **events},
            "link": _counters(bench),
        }
    finally:
        bench.factory_reset()
        bench.reboot()


def _who(bench: Bench) -> dict[str, str | None]:
    names = {"board": Attr.BOARD, "firmware": Attr.FIRMWARE_VERSION, "gbcs": Attr.GBCS_VERSION}
    names |= {"runtime": Attr.RUNTIME, "machine": Attr.MACHINE, "last_crash": Attr.LAST_CRASH}
    return {name: _text(bench, attribute) for name, attribute in names.items()}


def _text(bench: Bench, attribute: int) -> str | None:
    try:
        return bench.read(attribute).decode("utf-8", "replace")
    except BenchError:  # of a firmware that does not tell it
        return None


def _boot_ms(bench: Bench) -> float:
    """From the bench's Reboot to the acknowledged SYNC."""
    began = time.perf_counter()
    bench.reboot()
    return _ms(began)


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)


def _timings(bench: Bench, runs: int, say: Say) -> Iterator[Timing]:
    """Each kind, the meter holding less from one to the next."""

    def timed(name: str, cluster: int, frame: bytes) -> Timing:
        say(name)
        return _timing(bench.meter, name, _request(cluster, frame), runs)

    bench.meter.settle()
    yield timed("attribute read", Cluster.METERING, zcl.read_attributes(REGISTER))
    codes = _codes(bench.meter)
    yield timed(f"GCS20r, {len(codes)} events", Cluster.DEVICE_MANAGEMENT, _get(GROUP))
    entries = bench.read_int(Attr.EVENT_LOG_ENTRIES)
    yield timed(f"Event Log read, {entries} entries", Cluster.EVENTS, bytes.fromhex(WHOLE_EVENT_LOG))
    for code in codes[LEFT:]:
        bench.set_attribute(Cluster.DEVICE_MANAGEMENT, code, Status.NOT_FOUND)
    yield timed(f"GCS20r, {LEFT} events", Cluster.DEVICE_MANAGEMENT, _get(GROUP))
    yield timed("error answer", Cluster.DEVICE_MANAGEMENT, _get(codes[-1]))


def _get(event: int) -> bytes:
    return zcl.Frame(zcl.CLUSTER_TO_CLIENT, 0, GET_EVENT_CONFIGURATION, u16(event)).encode()


def _request(cluster: int, frame: bytes) -> Data:
    return Data(CHF, 1, 1, zcl.PROFILE_SE, cluster, LINK_KEY, frame)


def _codes(meter: Meter) -> list[int]:
    """The events whose configuration the meter holds, as its own answer names them."""
    answers = meter.exchange(_request(Cluster.DEVICE_MANAGEMENT, _get(GROUP))).to_requester()
    rows = [answer[at : at + 2] for answer in answers for at in range(FIRST_ROW, len(answer), ROW_BYTES)]
    return [int.from_bytes(row, "little") for row in rows]


def _timing(meter: Meter, name: str, request: Data, runs: int) -> Timing:
    """The first run is not counted: it says how many answers there are."""
    count = len(meter.exchange(request).to_requester())
    if not count:
        raise LinkError(f"{meter.link.url}: {name}: no answer")
    took = sorted(_once(meter, request, count) for _ in range(runs))
    return Timing(name, count, runs, percentile(took, 50), percentile(took, 99), took[-1])


def _once(meter: Meter, request: Data, count: int) -> float:
    began = time.perf_counter()
    exchange = meter.exchange_until_answer(request, ANSWER_WAIT_S)
    for _ in range(1, count):
        _next(meter.link, exchange)
    return _ms(began)


def _next(link: Link, exchange: Exchange) -> None:
    while (data := link.receive(ANSWER_WAIT_S)) is not None:
        if exchange.answered_by(data):
            return
    raise LinkError(f"{link.url}: an answer is missing")


def percentile(ascending: Sequence[float], part: int) -> float:
    """The nearest rank: the least value that so many percent do not exceed."""
    return ascending[max(math.ceil(len(ascending) * part / 100), 1) - 1]


def _events(bench: Bench) -> dict[str, int]:
    """What events cost that are logged."""
    before = _used(bench)
    for _ in range(LOGGED):
        bench.raise_event(IN_EVENT_LOG)
    return {f"{name}_for_{LOGGED}_events": number - before[name] for name, number in _used(bench).items()}


def _used(bench: Bench) -> dict[str, int]:
    """Since the start."""
    return {"programs": bench.read_int(Attr.FLASH_PROGRAMS), "erases": bench.read_int(Attr.FLASH_ERASES)}


def _counters(bench: Bench) -> dict[str, int]:
    told = {
        "accepted_by_the_meter": bench.read_int(Attr.DATA_ACCEPTED),
        "dropped_by_the_meter": bench.read_int(Attr.LINK_DROPS),
        "starts": bench.read_int(Attr.STARTS),
    }
    return told | {f"host_{name}": number for name, number in asdict(bench.meter.link.counters).items()}
