"""Another maker's meter under test: what the command line says of it, and judges that allow what the texts leave open.

The node addresses are those that the meter under test has in its Device Log; a test house enrols its own. Frames of
the meter are judged for what the modification demands (no Security Log content, the direction of the refusal) and not
for this project's choices: which status, silence or not, in which order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from gsme_host import zcl
from gsme_host.eui64 import CAD, CHF, EUI64, GPF, IHD, PPMID, STRANGER
from gsme_host.meter import Meter
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import Cluster, Frame, Status
from host_tests.judges.event_list import SECURITY_CODES, SECURITY_LOG

QUIET_S: Final = 2.0
REFUSALS: Final = (Status.NOT_AUTHORIZED, Status.NOT_FOUND, Status.FAILURE)
GET_EVENT_CONFIGURATION: Final = 0x05
PUBLISH_EVENT: Final = 0x00
PUBLISH_EVENT_LOG: Final = 0x01
COPY_OF_SECURITY_LOG: Final = 7

_NODES: Final = {"chf": CHF, "gpf": GPF, "ihd": IHD, "ppmid": PPMID, "cad": CAD, "stranger": STRANGER}
_ENTRY: Final = 8  # bytes of an entry before its data: log id, event id u16, time, length of the data
_LOG_HEAD: Final = 5  # total u16, index, commands, payload control


@dataclass(frozen=True)
class Options:
    """What the command line says. `nodes` are by their names in lower case, `endpoint` is the meter's."""

    without_bench: bool
    quiet_s: float
    endpoint: int
    nodes: dict[str, EUI64]


def add_options(parser: pytest.Parser) -> None:
    """Options for a meter of somebody else's, for conftest.py to add."""
    group = parser.getgroup("another maker's meter")
    group.addoption("--without-bench", action="store_true", help="the meter has no bench cluster: silence takes time")
    group.addoption(
        "--silence", type=float, default=QUIET_S, metavar="S", help="seconds without a frame that are silence"
    )
    group.addoption("--endpoint", type=int, default=1, metavar="N", help="the meter's endpoint")
    for name, eui64 in _NODES.items():
        what = f"EUI64 of the {name}" + (", which the meter must not know" if name == "stranger" else "")
        group.addoption(f"--{name}", default=str(eui64), metavar="EUI64", help=f"{what} ({eui64})")


def options(config: pytest.Config) -> Options:
    """The options, or what they are by default where nobody has added them."""
    nodes = {name: EUI64.parse(config.getoption(f"--{name}", str(eui64))) for name, eui64 in _NODES.items()}
    return Options(
        without_bench=config.getoption("--without-bench", False),
        quiet_s=config.getoption("--silence", QUIET_S),
        endpoint=config.getoption("--endpoint", 1),
        nodes=nodes,
    )


@dataclass
class OtherMeter:
    """The meter under test and who its nodes are."""

    meter: Meter
    options: Options

    def ask(self, frame: bytes | str, cluster: int, node: str, security: int = LINK_KEY) -> list[Data]:
        """All that the meter sends to that node, by its name, until it is done."""
        asdu = bytes.fromhex(frame) if isinstance(frame, str) else frame
        who = self.options.nodes[node]
        exchange = self.meter.exchange(Data(who, 1, self.options.endpoint, zcl.PROFILE_SE, cluster, security, asdu))
        return [data for data in exchange.answers if data.peer == who]


def leaks(frames: Sequence[Data]) -> list[str]:
    """Where the frames tell of the Security Log: entries of it, its codes, or that there are matches in it."""
    return [
        f"{code:04X} of log {log} in {data.asdu.hex(' ')}"
        for data in frames
        if data.cluster == Cluster.EVENTS
        for log, code in _entries(Frame.parse(data.asdu))
        if log in (SECURITY_LOG, COPY_OF_SECURITY_LOG) or code in SECURITY_CODES
    ]


def _entries(frame: Frame) -> Iterator[tuple[int, int]]:
    """Log id and event id of each entry that a frame of the cluster Events publishes."""
    if frame.fc & zcl.TYPE_MASK != zcl.TYPE_CLUSTER or frame.command not in (PUBLISH_EVENT, PUBLISH_EVENT_LOG):
        return
    rest = frame.payload[_LOG_HEAD:] if frame.command == PUBLISH_EVENT_LOG else frame.payload
    while len(rest) >= _ENTRY:
        yield rest[0], int.from_bytes(rest[1:3], "little")
        rest = rest[_ENTRY + rest[_ENTRY - 1] :] if frame.command == PUBLISH_EVENT_LOG else b""


def answers_of(request: bytes | str, frames: Sequence[Data]) -> list[Frame]:
    """Those of the frames that have the request's sequence number, taken apart."""
    tsn = (bytes.fromhex(request) if isinstance(request, str) else request)[1]
    return [frame for frame in (Frame.parse(data.asdu) for data in frames) if frame.tsn == tsn]


def refusal_faults(request: bytes | str, frames: Sequence[Data]) -> list[str]:
    """What is wrong with what a barred node got for a read of the Security Log.

    Right are silence and one Default Response 7E, 8B or 01 to the command, from server to client.
    """
    answers = answers_of(request, frames)
    wrong = leaks(frames) + ["more than one answer"] * (len(answers) > 1)
    for answer in answers:
        named, status = answer.default_response or (None, None)
        if named != 0x00 or status not in REFUSALS:
            wrong.append(f"no refusal: {answer.encode().hex(' ')}")
        elif not answer.fc & zcl.SERVER_TO_CLIENT:
            wrong.append("the refusal is not from server to client")
    return wrong


def gcs20r_faults(request: bytes | str, frames: Sequence[Data]) -> list[str]:
    """What is wrong with the refusal of GCS20r: it is one Default Response to command 05, client to server.

    Any status but SUCCESS will do. The bit that disables Default Responses is left to the maker's ZCL stack.
    """
    answers = answers_of(request, frames)
    if len(answers) != 1:
        return [f"{len(answers)} answers: it has to be refused in one frame"]
    answer, response = answers[0], answers[0].default_response
    wrong = {
        "server to client, as before the correction": bool(answer.fc & zcl.SERVER_TO_CLIENT),
        "manufacturer-specific": answer.manufacturer is not None,
        "no Default Response to command 05": response is None or response[0] != GET_EVENT_CONFIGURATION,
        "a success": response is not None and response[1] == Status.SUCCESS,
    }
    return [f"{fault}: {answer.encode().hex(' ')}" for fault, is_so in wrong.items() if is_so]
