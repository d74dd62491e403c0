"""Messages that the meter hands over: each is whole, proved by its MAC, and answers one that had the right to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final

from gsme_host.bench import Behaviour
from gsme_host.eui64 import EUI64, GSME
from gsme_host.gbcs import GbcsError, gbz, protection, use_cases
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.use_cases import Role
from gsme_host.hub.frames import Transfer, TunnelCommand
from gsme_host.wire import Data
from gsme_host.zcl import Cluster
from host_tests.fuzz.link_judge import Fault
from host_tests.fuzz.messages import head_end
from host_tests.judges import direction
from host_tests.judges.commands import DIRECTION
from host_tests.judges.frames import Header, header_of

REMEMBERED: Final = 512  # messages that may still be answered: a hub may take nothing for long
PUT: Final = (0x01, TunnelCommand.TRANSFER)  # frame control and command
_MESSAGE_AT: Final = 3  # of a PUT's payload: behind tunnel and kind


class RemoteJudge:
    """The hub's other side. `responses` and `alerts` count what was proved."""

    def __init__(self) -> None:
        self._head_end = head_end()
        self._given: deque[Message] = deque(maxlen=REMEMBERED)
        self._draft = False  # the meter has followed the draft; a response may wait until it does so no more
        self.responses = 0
        self.alerts = 0

    def give(self, messages: Iterable[bytes]) -> None:
        """The hub has these for the meter from now on; what is no message has no answer."""
        for one in messages:
            try:
                self._given.append(Message.parse(one))
            except GbcsError:
                continue

    def judge(self, sent: Iterable[Data], parties: Mapping[EUI64, Role], behaviour: Behaviour) -> None:
        """Fault where a message that was handed over is wrong."""
        last = b""
        self._draft = self._draft or behaviour is Behaviour.IRP550_DRAFT
        for data in sent:
            header = header_of(data.asdu)
            if data.cluster != Cluster.TUNNELING or header is None or (header.control, header.command) != PUT:
                continue
            octets = header.payload[_MESSAGE_AT:]
            if header.payload[2:3] != bytes((Transfer.PUT,)) or octets == last:
                continue
            last = octets
            try:
                self._judge(octets, parties)
            except GbcsError as error:
                raise Fault(f"handed over with a fault: {error}: {octets.hex(' ')}") from error

    def _judge(self, octets: bytes, parties: Mapping[EUI64, Role]) -> None:
        message = Message.parse(octets)
        if message.cra == Cra.ALERT:
            self._judge_alert(message, octets)
        else:
            self._judge_response(message, octets, parties)

    def _judge_alert(self, message: Message, octets: bytes) -> None:
        """Signatures are stand-ins here, see on_device/meter.py of host_tests/powercut."""
        if message.code in use_cases.SIGNED_ALERTS:
            gbz.Alert.parse(message.content)
            if message.mac is not None or len(message.signature) != 64:
                raise GbcsError("a critical alert without a signature alone")
        else:
            gbz.Alert.parse(self._head_end.alert(octets).content)
        self.alerts += 1

    def _judge_response(self, message: Message, octets: bytes, parties: Mapping[EUI64, Role]) -> None:
        """It has to fit one of the commands of its number: an old one may have come again with other contents."""
        faults = []
        for command in reversed(self._given):
            if _answers(message, command):
                try:
                    self._judge_pair(command, message, octets, parties)
                except (Fault, GbcsError) as fault:
                    faults.append(fault)
                else:
                    self.responses += 1
                    return
        raise faults[0] if faults else Fault(f"a response to nothing that was given: {octets.hex(' ')}")

    def _judge_pair(self, command: Message, message: Message, octets: bytes, parties: Mapping[EUI64, Role]) -> None:
        self._head_end.response(command, octets)
        if command.mac != protection.mac(self._head_end.party(Role.BROKER).z, command):
            raise Fault(f"a message with a wrong MAC is answered: {command.encode().hex(' ')}")
        if not parties.get(command.originator, Role.NONE) & use_cases.BY_CODE[command.code].roles:
            raise Fault(f"{command.originator} has no right to {command.code:04X}: {command.encode().hex(' ')}")
        self._judge_components(gbz.parse(command.content), gbz.parse(message.content))

    def _judge_components(self, asked: list[gbz.Component], answered: list[gbz.Component]) -> None:
        if [one.cluster for one in asked] != [one.cluster for one in answered]:
            raise Fault("the response has other components than the command")
        for request, answer in zip(asked, answered, strict=True):
            command, header = header_of(request.frame), header_of(answer.frame)
            faults = self._header_faults(command, header) if command and header else ["there is no ZCL header"]
            if faults:
                raise Fault(f"a component's answer {answer.frame.hex(' ')} to {request.frame.hex(' ')}: {faults[0]}")

    def _header_faults(self, command: Header, header: Header) -> list[str]:
        """A GCS20r is the one Get command of a server's; refused as in the draft, either direction will do."""
        later = header.default_response and header.payload[:1] == bytes((direction.LATER_COMMAND,))
        refused = self._draft and not later and header.default_response and command.specific
        either = refused and command.command == direction.GET_EVENT_CONFIGURATION
        flipped = bool((command.control ^ header.control) & DIRECTION) if either else True
        return direction.header_faults(command, header, flipped=flipped, later=later)


def _answers(response: Message, command: Message) -> bool:
    names = [(one.counter, one.code, one.supplementary) for one in (response, command)]
    return names[0] == names[1] and response.recipient == command.originator and command.recipient == GSME
