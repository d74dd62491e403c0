"""What the meter said over a whole run, judged by code that is not the firmware's.

Each test's exchanges are judged as it ends: exact lengths and known commands (zigpy's definitions), and the rule that
a Default Response travels against its request. Counts go to a file a worker; the end of the run adds them up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Behaviour, Command
from gsme_host.meter import BENCH_ENDPOINT, Exchange, Meter
from gsme_host.wire import Data
from host_tests.judges import direction, zcl_oracle

BENCH_CLUSTER: Final = 0xFC00


def judge(meter: Meter) -> Counter[str]:
    """Judges all that a meter sent; AssertionError says what is wrong. Returns what was judged, and how many of it."""
    counts: Counter[str] = Counter()
    for uncorrected, exchanges in groupby(_with_behaviour(meter.journal), key=lambda pair: pair[0]):
        swept = direction.sweep(
            ((exchange.request, exchange.answers) for _, exchange in exchanges), uncorrected=uncorrected
        )
        counts["exchanges"] += swept.exchanges
        counts["Default Responses"] += swept.default_responses
    for data in [*(data for exchange in meter.journal for data in exchange.answers), *meter.unasked]:
        _decode(data)
        counts["frames of the meter"] += 1
    return counts


def _with_behaviour(journal: Iterable[Exchange]) -> Iterator[tuple[bool, Exchange]]:
    """Each exchange with whether the meter followed the draft of IRP550, whose refusal of GCS20r is not corrected."""
    uncorrected = False
    for exchange in journal:
        yield uncorrected, exchange
        if exchange.request.cluster == BENCH_CLUSTER and exchange.request.own_endpoint == BENCH_ENDPOINT:
            frame = zcl.Frame.parse(exchange.request.asdu)
            if frame.command == Command.SET_BEHAVIOUR and frame.payload[:1] <= bytes((Behaviour.MP078,)):
                uncorrected = frame.payload[:1] == bytes((Behaviour.IRP550_DRAFT,))
            elif frame.command == Command.FACTORY_RESET:
                uncorrected = False


def _decode(data: Data) -> None:
    """Decodes one frame of the meter's; the bench's own cluster is nobody else's to judge."""
    if data.profile == zcl.PROFILE_ZDO:
        zcl_oracle.judge_zdo(data.cluster, data.asdu)
    elif data.cluster != BENCH_CLUSTER:
        zcl_oracle.judge(data.cluster, data.asdu)


def store(folder: Path, worker: str, counts: Counter[str]) -> None:
    """Adds a test's counts to the worker's file."""
    path = folder / f"{worker}.json"
    before = Counter(json.loads(path.read_text())) if path.exists() else Counter[str]()
    path.write_text(json.dumps(before + counts))


def total(folder: Path) -> Counter[str]:
    """The counts of all workers."""
    counts: Counter[str] = Counter()
    for path in folder.glob("*.json"):
        counts += Counter(json.loads(path.read_text()))
    return counts
