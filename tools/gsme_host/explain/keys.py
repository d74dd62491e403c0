"""Files of keys, and what they say of a MAC: of a command under the broker's secret, else under the recipient's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..eui64 import EUI64
from ..gbcs import protection
from ..gbcs.envelope import Cra, Message
from ..gbcs.party import Party, load
from ..gbcs.use_cases import Role


@dataclass(frozen=True)
class Keys:
    """What parties share with one device."""

    device: EUI64
    parties: dict[Role, Party]

    @classmethod
    def load(cls, path: Path) -> Keys:
        """Reads a file of the form that gbcs/party.py says; GbcsError where it is no such file."""
        return cls(*load(path))

    def role_name(self, entity: EUI64) -> str:
        """The role of a party, in words; nothing where it has none here."""
        roles = (role for role, party in self.parties.items() if party.entity == entity)
        return next(((role.name or "").lower().replace("_", " ") for role in roles), "")

    def of(self, message: Message) -> Party | None:
        """The party whose secret the message's MAC is made with."""
        command = message.cra == Cra.COMMAND
        if self.device != (message.recipient if command else message.originator):
            return None
        if command:
            return self.parties.get(Role.BROKER)
        return next((party for party in self.parties.values() if party.entity == message.recipient), None)


def judge(keys: Sequence[Keys], message: Message, g: bytes, mac: bytes) -> str:
    """Right, WRONG or no key, of the MAC over `g`, with every file of keys that has one for the message."""
    parties = [party for one in keys if (party := one.of(message))]
    if not parties:
        whose = "the broker" if message.cra == Cra.COMMAND else str(message.recipient)
        return f"no key: not proved; it needs the secret of {whose} and the device"
    for party in parties:
        if protection.mac_over(party.z, message, g) == mac:
            return f"right, under the secret of {party.entity}"
    return f"WRONG, under the secret of {', '.join(str(party.entity) for party in parties)}"
