"""What a head end does with messages: makes commands with the broker's MAC, proves responses and alerts.

Sources: GBCS 6.2 (who protects what), 7.2 (what a response repeats), 16 (alerts).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..eui64 import EUI64
from . import GbcsError, protection, use_cases
from .envelope import Cra, Message
from .party import Party
from .use_cases import Role


@dataclass
class HeadEnd:
    """The parties that speak with one device. `signing_key` is the device's, 64 octets, for critical alerts."""

    device: EUI64
    parties: dict[Role, Party]
    signing_key: bytes = b""
    counters: dict[EUI64, int] = field(default_factory=dict)

    def party(self, role: Role) -> Party:
        """The party of a role; GbcsError where the head end has none."""
        try:
            return self.parties[role]
        except KeyError:
            raise GbcsError(f"there is no {(role.name or '?').lower()}, or it shares no secret") from None

    def next_counter(self, originator: EUI64) -> int:
        """A counter above all that this head end has given to the originator."""
        self.counters[originator] = self.counters.get(originator, 0) + 1
        return self.counters[originator]

    def command(
        self, use_case: str, content: bytes, role: Role = Role.SUPPLIER, *, counter: int | None = None
    ) -> Message:
        """A command of the party in that role, with the access control broker's MAC."""
        originator = self.party(role).entity
        number = self.next_counter(originator) if counter is None else counter
        self.counters[originator] = max(number, self.counters.get(originator, 0))
        code = use_cases.BY_NAME[use_case].code
        return self.protect(Message(Cra.COMMAND, number, originator, self.device, code, content))

    def protect(self, message: Message) -> Message:
        """The same message with the access control broker's MAC."""
        return replace(message, mac=protection.mac(self.party(Role.BROKER).z, message))

    def response(self, command: Message, data: bytes) -> Message:
        """The response to a command, proved; GbcsError says what is wrong with it."""
        message = Message.parse(data)
        expected = (Cra.RESPONSE, command.counter, command.recipient, command.originator, command.code)
        found = (message.cra, message.counter, message.originator, message.recipient, message.code)
        for what, want, is_there in zip(
            ("CRA flag", "counter", "originator", "recipient", "message code"), expected, found, strict=True
        ):
            if want != is_there:
                raise GbcsError(f"the {what} of the response is {is_there}, not {want}")
        if message.supplementary != command.supplementary:
            raise GbcsError("the response does not repeat the supplementary fields")
        self._prove_mac(message)
        return message

    def alert(self, data: bytes) -> Message:
        """An alert of the device, proved: a critical one by its signature, another by its MAC."""
        message = Message.parse(data)
        if message.cra != Cra.ALERT or message.originator != self.device:
            raise GbcsError(f"a message with CRA flag {message.cra} of {message.originator} is no alert of the device")
        if message.code not in use_cases.SIGNED_ALERTS:
            self._prove_mac(message)
        elif message.mac is not None or not protection.signed_by(self.signing_key, message):
            raise GbcsError("the signature of the alert is not that of the device")
        return message

    def _prove_mac(self, message: Message) -> None:
        party = next((one for one in self.parties.values() if one.entity == message.recipient), None)
        if party is None:
            raise GbcsError(f"{message.recipient} is nobody's entity id here")
        if message.signature:
            raise GbcsError("a signature beside the MAC")
        if message.mac != protection.mac(party.z, message):
            raise GbcsError("the MAC is wrong")
