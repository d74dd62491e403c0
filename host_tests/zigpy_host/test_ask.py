"""A stock zigpy host asks the meter, by the same path as the demo.

Source: MP078-604-9. The meter as it is answers; in the behaviour of the IRP550 draft the same host runs into its
time-out, because nothing that it waits for has the direction bit of that refusal.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

from gsme_host.bench import Behaviour, Bench
from gsme_host.sim import Simulator
from host_tests.judges.event_list import FACTORY
from host_tests.judges.meter_map import IN_CLUSTERS, OUT_CLUSTERS
from host_tests.support.target import Target, firmware
from host_tests.zigpy_host.ask import WHOLE_GROUP, main, run

CRITICAL: Final = 0x8F3E  # never configured, so the meter has nothing to report
TIMEOUT_S: Final = 0.5
REOPEN_S: Final = 5.0
EVERYTHING: Final = {f"{code:04X}": f"{byte:02X}" for code, byte in FACTORY.items()}
REFUSED: Final = {"result": "DefaultResponse", "command_id": 5, "status": "NOT_FOUND"}


class Asking:
    """A zigpy host on the meter's port, which the bench gives up for as long as that takes."""

    def __init__(self, target: Target) -> None:
        self._link = target.meter.link

    def __call__(self, event_id: int, *, interview: bool = False) -> dict[str, Any]:
        """What zigpy got, without the time that it took."""
        with self._port() as port:
            answer = asyncio.run(run(port, event_id, TIMEOUT_S, interview=interview, baud=self._link.baud))
        return {key: value for key, value in answer.items() if key != "ms"}

    @contextmanager
    def _port(self) -> Iterator[str]:
        self._link.close()
        try:
            yield self._link.url
        finally:
            self._link.reopen(REOPEN_S)
            self._link.sync()


@pytest.fixture
def ask(target: Target) -> Asking:
    """Call it with an event id."""
    return Asking(target)


def test_mp078_604_9_the_corrected_refusal_arrives(ask: Asking) -> None:
    """`Device.request` returns the Default Response NOT_FOUND."""
    assert ask(CRITICAL) == REFUSED


def test_mp078_604_9_the_uncorrected_refusal_never_arrives(ask: Asking, bench: Bench) -> None:
    """The same request to the draft times out, and to the corrected meter again it does not."""
    bench.set_behaviour(Behaviour.IRP550_DRAFT)
    assert ask(CRITICAL) == {"result": "TimeoutError", "seconds": TIMEOUT_S}
    bench.set_behaviour(Behaviour.MP078)
    assert ask(CRITICAL) == REFUSED


def test_mp078_550_13_silence(ask: Asking, bench: Bench) -> None:
    """Before IRP550 nothing comes: to this host the draft is no better."""
    bench.set_behaviour(Behaviour.GBCS_4_0)
    assert ask(CRITICAL) == {"result": "TimeoutError", "seconds": TIMEOUT_S}


def test_mp078_550_1_everything(ask: Asking) -> None:
    """All 44 configurations, in the two commands that a HAN answer takes."""
    assert ask(WHOLE_GROUP) == {"result": "ReportEventConfiguration", "commands": 2, "entries": EVERYTHING}


def test_interview(ask: Asking) -> None:
    """zigpy finds the endpoint, its clusters, and who made it, by itself."""
    found = ask(WHOLE_GROUP, interview=True)["interview"]
    clusters = {"in": [f"{c:04X}" for c in IN_CLUSTERS], "out": [f"{c:04X}" for c in OUT_CLUSTERS]}
    assert found["endpoints"] == {"1": {"profile": "0109", "device": "0501", **clusters}}
    assert (len(found["manufacturer"]), len(found["model"])) == (4, 8)


@pytest.mark.simulated
def test_interview_from_the_announce(capsys: pytest.CaptureFixture[str]) -> None:
    """A meter that has just started announces itself; the program prints one line of JSON and returns 0."""
    with Simulator(mpy=firmware()) as sim:
        assert main([sim.port, "--interview", "--timeout", str(TIMEOUT_S)]) == 0
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert printed.out.count("\n") == 1
    assert printed.err == ""
    assert answer["entries"] == EVERYTHING
    assert answer["interview"]["eui64"] == "00DB1234567890A1"


def test_no_meter(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is not there is one line of JSON too, and another exit status."""
    assert main(["no-such-port"]) == 1
    assert json.loads(capsys.readouterr().out)["result"] == "error"
