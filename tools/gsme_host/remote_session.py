"""A head end and a hub at work on one meter: what the commands that send messages have in common."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .bench import ZIGBEE_EPOCH, Attr, Bench, KeyKind
from .eui64 import EUI64
from .gbcs import GbcsError, gbz, protection
from .gbcs.envelope import Cra, Message
from .gbcs.head_end import HeadEnd
from .gbcs.party import Party, load_parties, make_parties
from .gbcs.use_cases import Role
from .hub import Hub
from .link import Link
from .meter import Meter
from .sim import Simulator
from .zcl import Frame

AGREEMENT_S: Final = 60.0  # so long a board may take to agree on keys


@dataclass
class Session:
    """The head end, and the hub that carries its messages. `exchanged` has each message that went or came, in order."""

    head_end: HeadEnd
    hub: Hub
    exchanged: list[bytes]

    def ask(self, use_case: str, content: bytes, role: Role, counter: int | None) -> list[Frame]:
        """The frames of the response to a command; GbcsError where none comes, or its MAC is wrong."""
        number = int(time.time()) if counter is None else counter
        command = self.head_end.command(use_case, content, role, counter=number)
        sent = command.encode()
        came = self.hub.exchange(sent, timeout_s=AGREEMENT_S)
        self.exchanged += [sent, *came]
        responses = [data for data in came if Message.parse(data).cra == Cra.RESPONSE]
        if not responses:
            raise GbcsError(f"the meter put no response to {use_case}")
        return [one.zcl for one in gbz.parse(self.head_end.response(command, responses[0]).content)]


@contextmanager
def session(port: str | None, state: Path | None, keys: Path | None) -> Iterator[Session]:
    """A session with the meter behind `port`, or with a simulated one whose storage is in `state`.

    The parties are those of a file of keys, else new ones; either way they are enrolled through the bench cluster.
    """
    parties = load_parties(keys) if keys else make_parties()
    with nullcontext(port) if port is not None else _simulated(state) as there, Link(there) as link:
        identity = link.sync()
        hub = Hub(Meter(link))
        hub.utc = int(time.time()) - ZIGBEE_EPOCH
        enrol(hub.bench, parties)
        yield Session(HeadEnd(EUI64(identity.eui64), parties, hub.bench.read(Attr.SIGNING_KEY)), hub, [])


@contextmanager
def _simulated(state: Path | None) -> Iterator[str]:
    with Simulator(state=state) as simulator:
        yield simulator.port


def enrol(bench: Bench, parties: dict[Role, Party]) -> None:
    """Enrols parties by their public keys, after which they share secrets with the device, or by the secrets."""
    if any(party.private for party in parties.values()):
        agreement_key = bench.read(Attr.AGREEMENT_KEY)
    for role, party in parties.items():
        if party.private:
            party.meet(agreement_key)
            bench.enrol_party(party.entity, role.value, KeyKind.PUBLIC_KEY, protection.public_octets(party.private))
        else:
            bench.enrol_party(party.entity, role.value, KeyKind.SHARED_SECRET, party.z)
