"""Bench commands that change who is who, or the meter itself: sent as they stand here, never mutated.

The judges have to know who may read what, so each of these is an input of its own, on a line that works. Left out:
Set Identity of another EUI64 (what the hub's messages are addressed to would be nobody), and public keys of parties
(half a second of arithmetic each; host_tests/unit has them). Factory Reset, Reboot and Leave are rare: what a meter
has been given is what makes the next inputs reach far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Behaviour, Command, DeviceType, Fault
from gsme_host.eui64 import BENCH, CAD, CHF, ESME, EUI64, GPF, GSME, HCALCS, IHD, PPMID, STRANGER
from gsme_host.meter import BENCH_MANUFACTURER, bench_data
from gsme_host.wire import Data
from gsme_host.zcl import Cluster, octstr, u8, u16, u32
from host_tests.fuzz.fill import NOW
from host_tests.judges.frames import header_of
from host_tests.judges.meter_map import ATTRIBUTES, BENCH_ENDPOINT, METERING, PROFILE, Side
from host_tests.judges.zcl_types import sample
from host_tests.support.remote_parties import with_secrets

GUARDED: Final = frozenset(
    {
        Command.ENROL_DEVICE,
        Command.REMOVE_DEVICE,
        Command.ENROL_REMOTE_PARTY,
        Command.SET_BEHAVIOUR,
        Command.INJECT_FAULT,
        Command.FACTORY_RESET,
        Command.REBOOT,
        Command.LEAVE,
        Command.SET_IDENTITY,
    }
)
ENDING: Final[frozenset[int | None]] = frozenset({Command.REBOOT, Command.LEAVE})
HEAD: Final = 5  # of a bench frame
KEPT: Final = bytes.fromhex("0000 0000")  # cluster and attribute that the known read is of: Set Attribute leaves it
STATUSES: Final = frozenset(zcl.Status) - {zcl.Status.SOFTWARE_FAILURE, zcl.Status.NOT_AUTHORIZED}
_MOST_NODES: Final = 40  # more than the Device Log takes
_MORE_PARTIES: Final = 7  # with the three more than the meter takes


def frame(command: int, payload: bytes) -> bytes:
    """The ASDU of a bench command, sequence number 0."""
    return zcl.Frame(0x05, 0, command, payload, BENCH_MANUFACTURER).encode()


HOME: Final = {CHF: 2, GPF: 3, ESME: 1, PPMID: 5, IHD: 6, CAD: 6, HCALCS: 4}


def _enrolments() -> list[bytes]:
    """The HAN's devices under their types, at times under others; and as many as do not fit."""
    pairs = [
        *HOME.items(),
        *HOME.items(),
        (PPMID, DeviceType.TYPE_2),
        (CAD, DeviceType.GPF),
        (CHF, DeviceType.CHF),
        (IHD, 7),
    ]
    pairs += [(EUI64(bytes((number,)) * 8), number % 7) for number in range(1, _MOST_NODES)]
    return [frame(Command.ENROL_DEVICE, node + u8(kind)) for node, kind in pairs]


def _removals() -> list[bytes]:
    nodes = (
        CHF,
        GPF,
        CHF,
        GPF,
        PPMID,
        IHD,
        CAD,
        ESME,
        HCALCS,
        STRANGER,
        *(EUI64(bytes((number,)) * 8) for number in range(1, _MOST_NODES)),
    )
    return [frame(Command.REMOVE_DEVICE, node) for node in nodes]


def party(entity: EUI64, roles: int, kind: int, key: bytes) -> bytes:
    """Enrol Remote Party."""
    return frame(Command.ENROL_REMOTE_PARTY, entity + u8(roles) + u8(kind) + octstr(key))


PARTIES: Final = tuple(party(one.entity, role.value, 0, one.z) for role, one in with_secrets().items())
FURNISHING: Final = (  # what makes a meter's life begin: who is at home, who may send messages, what time it is
    *(frame(Command.ENROL_DEVICE, node + u8(kind)) for node, kind in HOME.items()),
    *PARTIES,
    frame(Command.SET_CLOCK, u32(NOW)),
)
_OTHER_PARTIES: Final = tuple(
    party(EUI64(bytes((0x70 + number,)) * 8), 2, 0, bytes((number,)) * 32) for number in range(_MORE_PARTIES)
)
_NO_PARTIES: Final = (
    party(CHF, 0, 0, bytes(32)),
    party(CHF, 8, 0, bytes(32)),
    party(CHF, 1, 2, bytes(32)),
    party(CHF, 1, 0, bytes(31)),
    party(CHF, 1, 1, bytes(64)),
    party(CHF, 1, 1, b"\xff" * 64),
    party(EUI64(bytes(8)), 1, 0, bytes(32)),
)
BEHAVIOURS: Final = (Behaviour.MP078,) * 4 + (Behaviour.GBCS_4_0, Behaviour.IRP550_DRAFT)
FAULTS: Final = (*map(int, Fault), Fault.EVENT_LOG | Fault.SECURITY_LOG, 0x10)
NO_FAULT: Final = frame(Command.INJECT_FAULT, u8(0))


def _holdings() -> list[bytes]:
    """Every attribute of Metering not held any more, and held again."""
    forms = []
    for one in ATTRIBUTES[METERING, Side.SERVER]:
        name = u16(METERING) + one.image
        forms += [frame(Command.SET_ATTRIBUTE, name + b"\x86")] * 2
        forms.append(frame(Command.SET_ATTRIBUTE, name + u8(0) + u8(one.type) + sample(one.type)))
    return forms


# How often each comes, beside the others; then what there is of it.
FORMS: Final[tuple[tuple[int, Sequence[bytes]], ...]] = (
    (40, _enrolments()),
    (16, _removals()),
    (40, PARTIES),
    (10, _OTHER_PARTIES),
    (10, _NO_PARTIES),
    (24, _holdings()),
    (16, [frame(Command.SET_BEHAVIOUR, u8(number)) for number in (*BEHAVIOURS, 3)]),
    (4, [frame(Command.SET_IDENTITY, GSME), frame(Command.SET_IDENTITY, BENCH)]),
    (2, [frame(Command.FACTORY_RESET, b"")]),
    (2, [frame(Command.REBOOT, b""), frame(Command.LEAVE, b"")]),
)
_WHOLE: Final = frozenset(one for _, forms in FORMS for one in forms) | {
    frame(Command.INJECT_FAULT, u8(faults)) for faults in (0, *FAULTS)
}
_SHORTEST: Final = {
    Command.ENROL_DEVICE: 9,
    Command.REMOVE_DEVICE: 8,
    Command.ENROL_REMOTE_PARTY: 11,
    Command.SET_BEHAVIOUR: 1,
    Command.INJECT_FAULT: 1,
    Command.FACTORY_RESET: 0,
    Command.REBOOT: 0,
    Command.LEAVE: 0,
    Command.SET_IDENTITY: 8,
}


def to_bench(asdu: bytes) -> Data:
    """It goes to the bench's endpoint."""
    parsed = zcl.Frame.parse(asdu)
    return bench_data(parsed)


def command_of(data: Data) -> int | None:
    """The bench command that reaches the bench cluster, None for any other frame."""
    if data.peer != BENCH or data.own_endpoint != BENCH_ENDPOINT or data.profile != PROFILE:
        return None
    header = header_of(data.asdu)
    wanted = data.cluster == Cluster.BENCH and header is not None and header.specific
    return header.command if wanted and header else None


def guarded(data: Data) -> bool:
    """Whether it is a command of those here, long enough to be done."""
    command = command_of(data)
    return command in GUARDED and len(data.asdu) - HEAD >= _SHORTEST[Command(command)]


def allowed(data: Data) -> bool:
    """Whether the frame may be sent.

    Guarded commands as they stand here; the known read stays known; and no attribute fails with a status that there is
    not, or with one that means something else to the judges: an exception, a lack of right.
    """
    command = command_of(data)
    if command == Command.SET_ATTRIBUTE:
        return set(data.asdu[HEAD + len(KEPT) :][:1]) <= STATUSES and not data.asdu[HEAD:].startswith(KEPT)
    return not guarded(data) or data.asdu[:3] + b"\0" + data.asdu[4:] in _WHOLE
