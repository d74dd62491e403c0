"""Remote parties of a meter under test, and what it answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from gsme_host import remote_session
from gsme_host.eui64 import GSME
from gsme_host.gbcs import gbz
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.gbz import Component
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.party import Party, make_parties
from gsme_host.gbcs.use_cases import Role
from gsme_host.hub import Hub
from gsme_host.zcl import Frame
from host_tests.support.target import Target

NOW: Final = 0x2F00A700  # 2025-01: a time at which the clock of these tests is set


@dataclass
class Remote:
    """A meter with parties enrolled, and the hub between them. `hub` may be exchanged for one with other manners."""

    target: Target
    head_end: HeadEnd
    hub: Hub = field(init=False)

    def __post_init__(self) -> None:
        self.hub = Hub(self.target.meter)

    def send(self, message: Message | bytes) -> list[bytes]:
        """What the meter puts after it was given a message."""
        return self.hub.exchange(message if isinstance(message, bytes) else message.encode())

    def ask(self, use_case: str, content: bytes, role: Role = Role.SUPPLIER, *, counter: int | None = None) -> Frame:
        """The one frame of the one component of the response to a command, whose MAC is right."""
        (only,) = self.ask_all(use_case, content, role, counter=counter)
        return only

    def ask_all(
        self, use_case: str, content: bytes, role: Role = Role.SUPPLIER, *, counter: int | None = None
    ) -> list[Frame]:
        """The frames of the response's components."""
        return [one.zcl for one in self.components(use_case, content, role, counter=counter)]

    def components(
        self, use_case: str, content: bytes, role: Role = Role.SUPPLIER, *, counter: int | None = None
    ) -> list[Component]:
        """The components of the response."""
        command = self.head_end.command(use_case, content, role, counter=counter)
        responses = [data for data in self.send(command) if Message.parse(data).cra != Cra.ALERT]
        assert len(responses) == 1, f"{len(responses)} responses to {use_case}"
        return gbz.parse(self.head_end.response(command, responses[0]).content)


def enrol(target: Target, parties: dict[Role, Party]) -> HeadEnd:
    """Enrols parties by their secrets or public keys; the head end that holds the other halves."""
    remote_session.enrol(target.bench, parties)
    return HeadEnd(GSME, parties)


def with_secrets() -> dict[Role, Party]:
    """Own parties whose secrets are given, so that nothing has to be agreed."""
    made = make_parties()
    return {
        role: Party(party.entity, role, secret=bytes([role.value]) * 16 + bytes(range(16)))
        for role, party in made.items()
    }
