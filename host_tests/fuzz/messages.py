"""GBCS messages for the tunnel: right ones of every use case, and wrong ones, most of them with a right MAC.

A message whose MAC is wrong is not looked into, so what is made wrong inside gets its MAC afterwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from gsme_host.eui64 import CHF, EUI64, GSME
from gsme_host.gbcs import GbcsError, commands, gbz, protection
from gsme_host.gbcs.envelope import Message, with_mac
from gsme_host.gbcs.gbz import Component
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.party import Party
from gsme_host.gbcs.use_cases import BY_CODE, BY_NAME, Role
from host_tests.fuzz.fill import CODES, NOW, Filler
from host_tests.fuzz.inputs import Damage
from host_tests.fuzz.kinds import CLUSTER_COMMANDS, GLOBAL_REQUESTS
from host_tests.support.remote_parties import with_secrets

LONGEST: Final = 1490  # a transfer has room for it
BEHIND_IDS: Final = 30  # octets of G up to the date-time's
CERTIFICATE: Final = bytes.fromhex("3082 0004 01020304")
MOST_COMPONENTS: Final = 65  # one more than a message may have
HIDDEN: Final = 24  # octets of a ciphertext and its tag
DAMAGES: Final = 7  # what is done to answers, see on_device/fuzzed.py
FEW: Final = 10


PARTIES: Final = with_secrets()
OTHER: Final = Party(EUI64(b"\x70" * 8), Role.NETWORK_OPERATOR, secret=bytes(32))  # one of the others that are enrolled


def head_end() -> HeadEnd:
    """The parties that the guarded bench commands enrol."""
    return HeadEnd(GSME, {**PARTIES, Role.NONE: OTHER})


class Messages:
    """Makes messages, as a source of numbers chooses."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._choice = source.choice
        self._fill = Filler(source)
        self._head_end = head_end()
        self._broker: Party = self._head_end.party(Role.BROKER)
        self._inside: tuple[Callable[[Message], Message], ...] = (
            *(
                *(self._own_component, self._own_component, self._own_component, self._own_component),
                self._other_content,
                self._other_content,
                self._cut_content,
                self._changed_content,
                self._changed_content,
            ),
            *(self._other_code, self._other_role, self._old, self._other_ids, self._not_a_command, self._optional),
        )

    # --- right ones

    def _right(self) -> Message:
        name, content = self._choice(
            (
                ("GCS20r", commands.get_event_configuration(self._choice((0x81FF, 0xFFFF, *CODES)))),
                ("GCS20", self._events_set()),
                ("CS10a", commands.get_event_log()),
                ("CS10b", commands.get_security_log()),
                ("CS11", commands.clear_event_log()),
                ("GCS41", commands.update_site_id(NOW, self._octets(34))),
                ("GCS36", commands.update_cin(NOW, self._octets(26))),
                ("GCS44", commands.change_of_supplier(NOW, self._octets(18), self._octets(21))),
                *((name, commands.read(*read)) for name, read in commands.READS.items()),
            )
        )
        role = self._choice([role for role in PARTIES if role in BY_NAME[name].roles])
        return self._head_end.command(name, content, role)

    def _octets(self, below: int) -> bytes:
        return self._source.randbytes(self._source.randrange(below))

    def _events_set(self) -> bytes:
        bytes_ = self._source.sample((0x00, 0x03, 0x08, 0x0B, 0x13, 0x1B, 0x04), self._source.randrange(1, 5))
        return commands.set_event_configuration(
            NOW, {byte: self._source.sample(CODES, self._source.randrange(1, 9)) for byte in bytes_}
        )

    # --- wrong inside, and the MAC is right

    def _other_content(self, message: Message) -> Message:
        """Any frames of any cluster, or the frame of its own with a filled payload."""
        components = [self._component() for _ in range(self._choice((1, 1, 1, 1, 2, 2, 3, 5)))]
        if not self._source.randrange(FEW):
            components = [
                Component(one.cluster, one.frame[:3]) for _ in range(MOST_COMPONENTS) for one in components[:2]
            ]
        return replace(message, content=gbz.encode(components)[:LONGEST])

    def _own_component(self, message: Message) -> Message:
        """One of its own components cut, longer, other in one octet, or twice; the lengths around it fit."""
        components = _components(message)
        if not components:
            return message
        at = self._source.randrange(len(components))
        frame = components[at].frame
        other = self._choice(
            (frame[: self._source.randrange(len(frame))], frame + self._octets(FEW), self._one_changed(frame))
        )
        components[at : at + 1] = [
            Component(components[at].cluster, one) for one in self._choice(((other,), (other,), (frame, other)))
        ]
        return replace(message, content=gbz.encode(components)[:LONGEST])

    def _component(self) -> Component:
        kind = self._choice(self._choice((CLUSTER_COMMANDS, GLOBAL_REQUESTS)))
        frame = kind.asdu(self._source.randrange(256), self._fill.payload(kind))
        way = self._source.randrange(FEW)
        if way == 0:
            return Component(kind.cluster, frame, from_utc=NOW)
        if way == 1:
            return Component(kind.cluster, frame[:3], None, 0, self._source.randbytes(HIDDEN))
        return Component(kind.cluster, frame[: self._source.randrange(len(frame) + 1)] if way == 2 else frame)

    def _cut_content(self, message: Message) -> Message:
        return replace(message, content=message.content[: self._source.randrange(len(message.content) + 1)])

    def _changed_content(self, message: Message) -> Message:
        """One octet another, or one more or less."""
        return replace(message, content=self._one_changed(message.content))

    def _one_changed(self, octets: bytes) -> bytes:
        at = self._source.randrange(len(octets) + 1)
        other = bytes((self._choice((0, 1, 2, 0x10, 0x12, 0xFF, self._source.randrange(256))),))
        return octets[:at] + self._choice((other, other, other + octets[at : at + 1], b"")) + octets[at + 1 :]

    def _other_code(self, message: Message) -> Message:
        return replace(message, code=self._choice((*BY_CODE, self._source.randrange(1 << 16))))

    def _other_role(self, message: Message) -> Message:
        others = [*(one.entity for one in PARTIES.values()), OTHER.entity, CHF, GSME]
        return replace(message, originator=self._choice(others))

    def _old(self, message: Message) -> Message:
        return replace(message, counter=self._choice((0, 1, max(0, message.counter - 1), message.counter + 1)))

    def _other_ids(self, message: Message) -> Message:
        return replace(message, recipient=self._choice((CHF, message.originator, EUI64(bytes(8)))))

    def _not_a_command(self, message: Message) -> Message:
        return replace(message, cra=self._choice((0, 2, 3, 0xFF)))

    def _optional(self, message: Message) -> Message:
        """What most commands do not have: supplementary ids, a certificate, a date, a signature."""
        ids = tuple(self._source.getrandbits(64) for _ in range(self._source.randrange(4)))
        octets: dict[str, Any] = {
            "certificate": self._choice((b"", CERTIFICATE, CERTIFICATE[:-1])),
            "date_time": self._choice((b"", bytes(12), bytes(11))),
            "signature": self._choice((b"", b"", bytes(64), bytes(63))),
        }
        return replace(message, supplementary=ids, **octets)

    # --- as it is written

    def _sealed(self, message: Message) -> bytes:
        return self._head_end.protect(message).encode()

    def _written_wrong(self, message: Message) -> bytes:
        """One octet of G another, and the MAC is that of what is there."""
        g = self._one_changed(message.g)
        if len(g) < BEHIND_IDS:
            return g
        originator, recipient = (EUI64(g[at : at + 8][::-1]) for at in (12, 21))
        named = Message(g[2], int.from_bytes(g[3:11], "big"), originator, recipient, 0, b"")
        return with_mac(g, protection.mac_over(self._broker.z, named, g))

    def _damaged(self, message: Message) -> bytes:
        whole = self._sealed(message)
        return self._choice(
            (self._one_changed(whole), whole[: self._source.randrange(len(whole))], whole * 2, message.g)
        )

    def message(self) -> bytes:
        """A message; about every third is right."""
        made = self._right()
        way = self._source.randrange(FEW)
        if way < 3:
            return self._sealed(made)
        if way < 7:
            for _ in range(self._choice((1, 1, 2))):
                made = self._choice(self._inside)(made)
            return self._sealed(made)[: LONGEST + 100]
        return (self._written_wrong if way < 9 else self._damaged)(made)[: LONGEST + 100]

    def several(self) -> list[bytes]:
        """What a hub hands over in one cycle; at times one of them twice."""
        made = [self.message() for _ in range(self._choice((1, 1, 2, 2, 3, 4)))]
        return made + made[:1] * (not self._source.randrange(FEW))

    def damages(self) -> Sequence[Damage]:
        """What is done to the hub's answers; to most nothing."""
        if self._source.randrange(3):
            return ()
        numbers = (self._source.randrange(FEW) for _ in range(self._choice((1, 1, 2))))
        return tuple(
            (n, self._source.randrange(DAMAGES), self._source.randrange(64), self._source.randrange(256))
            for n in numbers
        )

    def manners(self) -> int:
        """How the hub is; most often willing."""
        return self._choice((0, 0, 0, 0, 0, 1, 2, 3, 0x08, 0x10, 0x22, 0x40, 0x80, self._source.randrange(256)))


def _components(message: Message) -> list[Component]:
    """None where the content is no payload any more."""
    try:
        return gbz.parse(message.content)
    except GbcsError:
        return []
