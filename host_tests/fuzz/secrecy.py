"""Who knows what: nobody but the CHF, the GPF and remote parties ever gets an entry of the Security Log (MP078-603).

What the bench does to the Device Log, to the parties and to the behaviour is followed by its answers. Every frame that
the meter sends is looked through for entries, and for the data that marks each event which the fuzzer raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Behaviour, Command, DeviceType
from gsme_host.eui64 import CHF, EUI64, GPF
from gsme_host.gbcs.use_cases import Role
from gsme_host.wire import Data
from gsme_host.zcl import Cluster
from host_tests.fuzz import guarded
from host_tests.fuzz.link_judge import Fault, Traffic
from host_tests.judges import access_table
from host_tests.judges.access_table import Right, Row
from host_tests.judges.frames import header_of

CANARY: Final = b"\xc5canary\x5c"  # in the data of events of the Security Log
SECURITY_LOG: Final = 0x04
PUBLISH_EVENT: Final = 0x00
PUBLISH_EVENT_LOG: Final = 0x01
_TO_CLIENT: Final = (0x09, 0x19)
_ENTRIES_AT: Final = 5  # behind total, index, commands, payload control
_ENTRY: Final = 8  # log, code, time, length of the data; then the data
_BY_TYPE: Final = {one.device_type: one for one in access_table.REQUESTERS}


@dataclass
class Secrecy:
    """What the meter has been told by the bench; `entries` counts those of the Security Log that were seen."""

    behaviour: Behaviour = Behaviour.MP078
    nodes: dict[EUI64, int] = field(default_factory=dict)
    parties: dict[EUI64, Role] = field(default_factory=dict)
    entries: int = 0

    def __post_init__(self) -> None:
        self._founded()

    def _founded(self) -> None:
        self.behaviour = Behaviour.MP078
        self.nodes = {CHF: DeviceType.CHF, GPF: DeviceType.GPF}
        self.parties = {}

    # --- what changes

    def follow(self, traffic: Traffic) -> None:
        """Learns from a guarded command that succeeded: it is an input's only one."""
        for request in traffic.requests:
            if guarded.guarded(request) and any(_succeeded(request, answer) for answer in traffic.sent):
                self._learn(Command(request.asdu[guarded.HEAD - 1]), request.asdu[guarded.HEAD :])

    def _learn(self, command: Command, payload: bytes) -> None:
        if command is Command.FACTORY_RESET:
            self._founded()
        elif command is Command.SET_BEHAVIOUR:
            self.behaviour = Behaviour(payload[0])
        elif command is Command.ENROL_DEVICE:
            self.nodes[EUI64(payload[:8])] = payload[8]
        elif command is Command.REMOVE_DEVICE:
            del self.nodes[EUI64(payload[:8])]
        elif command is Command.ENROL_REMOTE_PARTY:
            self._enrol(EUI64(payload[:8]), Role(payload[8]))

    def _enrol(self, entity: EUI64, roles: Role) -> None:
        """There is one access control broker."""
        if Role.BROKER in roles:
            self.parties = {one: role & ~Role.BROKER for one, role in self.parties.items() if role != Role.BROKER}
        self.parties[entity] = roles

    # --- what must not be told

    def judge(self, sent: Iterable[Data]) -> None:
        """Fault where a node is told what it must not be."""
        for data in sent:
            for pushed in _entries(data):
                self.entries += 1
                if not self._may_take(data.peer, pushed=pushed):
                    raise Fault(f"an entry of the Security Log to {data.peer}: {data.asdu.hex(' ')}")
            if CANARY in data.asdu and data.cluster != Cluster.BENCH and not self._may_take(data.peer, pushed=False):
                raise Fault(f"data of the Security Log to {data.peer}: {data.asdu.hex(' ')}")

    def _may_take(self, peer: EUI64, *, pushed: bool) -> bool:
        requester = _BY_TYPE[self.nodes.get(peer)]
        if pushed:
            return access_table.push(requester, security_log=True) is not access_table.Push.NEVER
        return access_table.may(Right.READ, Row.SECURITY_LOG, requester, access_table.Behaviour(self.behaviour))


def _succeeded(request: Data, answer: Data) -> bool:
    header = header_of(answer.asdu)
    named = bytes((request.asdu[guarded.HEAD - 1], zcl.Status.SUCCESS))
    return answer.peer == request.peer and bool(header and header.default_response and header.payload == named)


def _entries(data: Data) -> Iterator[bool]:
    """Entries of the Security Log in a frame: each as whether it was pushed."""
    header = header_of(data.asdu)
    if data.cluster != Cluster.EVENTS or header is None or header.control not in _TO_CLIENT:
        return
    if header.command == PUBLISH_EVENT and header.payload[:1] == bytes((SECURITY_LOG,)):
        yield True
    if header.command == PUBLISH_EVENT_LOG:
        yield from (False for log in _logs(header.payload[_ENTRIES_AT:]) if log == SECURITY_LOG)


def _logs(entries: bytes) -> Iterator[int]:
    """The log of each entry."""
    at = 0
    while at + _ENTRY <= len(entries):
        yield entries[at]
        at += _ENTRY + entries[at + _ENTRY - 1]
