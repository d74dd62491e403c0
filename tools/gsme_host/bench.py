"""Client of the bench cluster: what a test does to the meter behind its back.

Each command returns the ZCL status of its answer; with `check` left true any status but SUCCESS raises BenchError.
Source: the serial HAN link, version 1: "The bench cluster".
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from . import zcl
from .eui64 import EUI64
from .link import LinkError
from .meter import BENCH_MANUFACTURER, Exchange, Meter, bench_data
from .zcl import Status, octstr, u8, u16, u32

ANSWER_WAIT_S: Final = 5.0
RESTART_WAIT_S: Final = 10.0
ZIGBEE_EPOCH: Final = 946_684_800  # 2000-01-01T00:00:00Z in seconds since 1970
INVALID_UTC: Final = 0xFFFFFFFF

_COMMAND: Final = zcl.CLUSTER_TO_SERVER | zcl.MANUFACTURER_SPECIFIC
_READ: Final = zcl.GLOBAL_TO_SERVER | zcl.MANUFACTURER_SPECIFIC


class Command(IntEnum):
    """Bench commands, client to server."""

    RAISE_EVENT = 0x00
    SET_CLOCK = 0x01
    ENROL_DEVICE = 0x02
    REMOVE_DEVICE = 0x03
    ENROL_REMOTE_PARTY = 0x04
    SET_BEHAVIOUR = 0x05
    INJECT_FAULT = 0x06
    FACTORY_RESET = 0x07
    REBOOT = 0x08
    WAKE = 0x09
    SET_ATTRIBUTE = 0x0A
    LEAVE = 0x0B
    SET_IDENTITY = 0x0C
    READ_STORAGE = 0x40


class Attr(IntEnum):
    """Bench attributes."""

    FIRMWARE_VERSION = 0x0000
    BOARD = 0x0001
    ROLE = 0x0002
    BEHAVIOUR = 0x0003
    UTC = 0x0004
    HEAP_FREE = 0x0005
    DATA_ACCEPTED = 0x0006
    LINK_DROPS = 0x0007
    UPTIME_MS = 0x0008
    EVENT_LOG_ENTRIES = 0x0009
    SECURITY_LOG_ENTRIES = 0x000A
    AGREEMENT_KEY = 0x000B
    SIGNING_KEY = 0x000C
    FLASH_PROGRAMS = 0x000D
    FLASH_ERASES = 0x000E
    ALERTS_WAITING = 0x000F
    ALERTS_DROPPED = 0x0010
    TUNNEL_MESSAGES = 0x0011
    STARTS = 0x0012
    LAST_CRASH = 0x0013
    GBCS_VERSION = 0x0014
    STORAGE_BYTES = 0x0040
    ERASE_BLOCK_BYTES = 0x0041
    PROGRAM_WORD_BYTES = 0x0042
    EVENTS_DROPPED = 0x0043
    RUNTIME = 0x0044
    WORD_BITS = 0x0045
    MACHINE = 0x0046


class DeviceType(IntEnum):
    """GBCS device types of the Device Log."""

    GSME = 0
    ESME = 1
    CHF = 2
    GPF = 3
    HCALCS = 4
    PPMID = 5
    TYPE_2 = 6


class Behaviour(IntEnum):
    """Which text the meter follows where the modification changed it."""

    GBCS_4_0 = 0
    IRP550_DRAFT = 1
    MP078 = 2


class Fault(IntEnum):
    """Bits of Inject Fault."""

    EVENT_CONFIGURATION = 1
    EVENT_LOG = 2
    SECURITY_LOG = 4
    WRITES = 8


class KeyKind(IntEnum):
    """What the octet string of Enrol Remote Party holds."""

    SHARED_SECRET = 0
    PUBLIC_KEY = 1


class BenchError(Exception):
    """A bench command or read that did not succeed; `status` is the ZCL status."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what}: {zcl.status_name(status)}")
        self.status = status


class Bench:
    """The bench cluster of `meter`. `last` is the newest exchange: its `others()` are the pushes a command caused."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.last: Exchange | None = None

    def raise_event(self, event: int, data: bytes = b"", *, check: bool = True) -> int:
        """Raises an event with at most 16 bytes of data."""
        return self.command(Command.RAISE_EVENT, u16(event) + octstr(data), check=check)

    def set_clock(self, utc: int, *, check: bool = True) -> int:
        """Sets the clock, in seconds since 2000-01-01, and lets it run."""
        return self.command(Command.SET_CLOCK, u32(utc), check=check)

    def enrol(self, device: EUI64, kind: int, *, check: bool = True) -> int:
        """Puts a device into the Device Log under a GBCS device type, or gives one there another type."""
        return self.command(Command.ENROL_DEVICE, device + u8(kind), check=check)

    def remove(self, device: EUI64, *, check: bool = True) -> int:
        """Takes a device out of the Device Log."""
        return self.command(Command.REMOVE_DEVICE, device, check=check)

    def enrol_party(self, party: EUI64, roles: int, kind: int, key: bytes, *, check: bool = True) -> int:
        """Enrols a remote party; roles: bit 0 supplier, 1 network operator, 2 access control broker."""
        return self.command(Command.ENROL_REMOTE_PARTY, party + u8(roles) + u8(kind) + octstr(key), check=check)

    def set_behaviour(self, behaviour: int, *, check: bool = True) -> int:
        """Sets the behaviour, see Behaviour."""
        return self.command(Command.SET_BEHAVIOUR, u8(behaviour), check=check)

    def inject_fault(self, faults: int, *, check: bool = True) -> int:
        """Makes exactly the faults of the map, see Fault; 0 ends them all."""
        return self.command(Command.INJECT_FAULT, u8(faults), check=check)

    def factory_reset(self, *, check: bool = True) -> int:
        """Empties logs, parties and enrolments, restores configuration, attributes, behaviour and faults."""
        return self.command(Command.FACTORY_RESET, check=check)

    def wake(self, *, check: bool = True) -> int:
        """Starts a HAN cycle, unless one is under way."""
        return self.command(Command.WAKE, check=check)

    def set_attribute(
        self,
        cluster: int,
        attribute: int,
        status: int = 0,
        kind: int | None = None,
        value: bytes = b"",
        *,
        check: bool = True,
    ) -> int:
        """Sets what the meter holds: a typed value (`value` as on the wire), or nothing (86, 8B), or a failure."""
        typed = b"" if kind is None else u8(kind) + value
        return self.command(Command.SET_ATTRIBUTE, u16(cluster) + u16(attribute) + u8(status) + typed, check=check)

    def set_identity(self, own: EUI64, *, check: bool = True) -> int:
        """Gives the meter another EUI64 from its next start on."""
        return self.command(Command.SET_IDENTITY, own, check=check)

    def leave(self, *, check: bool = True) -> int:
        """Ends the application: the REPL has the line afterwards."""
        return self._last_command(Command.LEAVE, check=check)

    def reboot(self, timeout: float = RESTART_WAIT_S, *, check: bool = True) -> int:
        """Restarts the meter and synchronises with it again, through a tty that goes and comes back if need be."""
        link = self.meter.link
        restarts = link.counters.restarts
        status = self._last_command(Command.REBOOT, check=check)
        if status == Status.SUCCESS:
            if not link.wait_restart(restarts, timeout) and link.failed:
                link.reopen(timeout)
            link.sync(timeout)
        return status

    def read(self, attribute: int) -> bytes:
        """The value of a bench attribute, strings without their length; BenchError where the meter has none."""
        record = self.read_record(attribute)
        if record.status != Status.SUCCESS:
            raise BenchError(f"bench attribute {attribute:04X}", record.status)
        return record.value

    def read_int(self, attribute: int) -> int:
        """The value of a bench attribute that is a number."""
        return int.from_bytes(self.read(attribute), "little")

    def read_record(self, attribute: int) -> zcl.Attribute:
        """The record of a bench attribute with its status and type."""
        frame = self._exchange(
            zcl.Frame(_READ, self.meter.next_tsn(), zcl.Global.READ, u16(attribute), BENCH_MANUFACTURER)
        )
        if frame.default_response:
            raise BenchError(f"bench attribute {attribute:04X}", frame.default_response[1])
        return zcl.parse_read_response(frame.payload)[attribute]

    def read_storage(self, offset: int, count: int) -> bytes:
        """1 to 64 bytes of the meter's flash; BenchError with 87 beyond its end, C0 where it cannot be read."""
        answer = self._exchange(self._frame(Command.READ_STORAGE, u32(offset) + bytes((count,))))
        if answer.default_response:
            raise BenchError(f"storage at {offset:X}", answer.default_response[1])
        return answer.payload[5:]

    def command(self, command: int, payload: bytes = b"", *, check: bool = True) -> int:
        """Sends a bench command and returns the status of its Default Response."""
        answer = self._exchange(self._frame(command, payload))
        return self._status(command, answer, check=check)

    def _last_command(self, command: int, *, check: bool) -> int:
        """A command after whose answer the meter is not at hand, so that no barrier can follow it."""
        self.last = self.meter.exchange_until_answer(bench_data(self._frame(command)), ANSWER_WAIT_S)
        return self._status(command, zcl.Frame.parse(self.last.to_requester()[0]), check=check)

    def _frame(self, command: int, payload: bytes = b"") -> zcl.Frame:
        return zcl.Frame(_COMMAND, self.meter.next_tsn(), command, payload, BENCH_MANUFACTURER)

    def _exchange(self, frame: zcl.Frame) -> zcl.Frame:
        self.last = self.meter.exchange(bench_data(frame))
        answers = self.last.to_requester()
        if len(answers) != 1:
            raise LinkError(
                f"{self.meter.link.url}: {len(answers)} answers of the bench cluster; is this a bench build?"
            )
        return zcl.Frame.parse(answers[0])

    @staticmethod
    def _status(command: int, answer: zcl.Frame, *, check: bool) -> int:
        response = answer.default_response
        if response is None or response[0] != command:
            raise LinkError(f"bench command {command:02X} was answered by {answer.encode().hex(' ')}")
        if check and response[1] != Status.SUCCESS:
            raise BenchError(f"bench command {command:02X}", response[1])
        return response[1]
