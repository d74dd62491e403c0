"""Messages of our own for tools that explain messages: one of each kind that a gas meter and its parties exchange.

Sources: GBCS use case annex and section 16 for the payloads.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from gsme_host.eui64 import GSME
from gsme_host.explain import Keys
from gsme_host.gbcs import commands, gbz, protection
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.gbz import Component
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import BY_NAME, Role
from gsme_host.zcl import Cluster
from host_tests.support.remote_parties import with_secrets

UTC: Final = 0x1C374A80  # 2015-01-01T00:00:00Z
PARTIES: Final = with_secrets()
HEAD_END: Final = HeadEnd(GSME, PARTIES)
KEYS: Final = (Keys(GSME, PARTIES),)
SUPPLIER: Final = PARTIES[Role.SUPPLIER].entity
CERTIFICATE: Final = bytes.fromhex("30 82 00 05 02 03 01 02 03")


def response(use_case: str, payload: str) -> Message:
    """A response of the meter to the Supplier, with its MAC."""
    message = Message(Cra.RESPONSE, 1000, GSME, SUPPLIER, BY_NAME[use_case].code, bytes.fromhex(payload))
    return replace(message, mac=protection.mac(PARTIES[Role.SUPPLIER].z, message))


def alert(code: int, payload: str, *, signed: bool) -> Message:
    """An alert of the meter to the Supplier, with its MAC or with octets for a signature."""
    message = Message(Cra.ALERT, 3000, GSME, SUPPLIER, code, bytes.fromhex(payload))
    if signed:
        return replace(message, signature=bytes(range(64)))
    return replace(message, mac=protection.mac(PARTIES[Role.SUPPLIER].z, message))


REFUSED: Final = response("GCS20r", "0109 01 01 0708 0005 00 00 0B 05 8B")
UNCORRECTED: Final = response("GCS20r", "0109 01 01 0708 0005 08 00 0B 05 C0")
ENCRYPTED: Final = gbz.encode([Component(Cluster.METERING, bytes.fromhex("18 00 01"), UTC, 0, bytes(range(20)))])
SIGNED_COMMAND: Final = Message(
    *(Cra.COMMAND, 7, SUPPLIER, GSME, 0x0081, bytes.fromhex("0109 01 01 0702 0015 01 00 0B") + bytes(18)),
    signature=bytes(64),
)

MESSAGES: Final[dict[str, Message]] = {
    "GCS20r": HEAD_END.command("GCS20r", commands.get_event_configuration()),
    "GCS20r answered": response("GCS20r", "0109 01 01 0708 000B 01 00 04 00 01 0D8118 0E8108"),
    "GCS20r refused": REFUSED,
    "GCS20r refused, uncorrected": UNCORRECTED,
    "GCS20": HEAD_END.command("GCS20", commands.set_event_configuration(UTC, {0x5B: [0x81AA, 0x81AB], 0x08: [0x810E]})),
    "GCS20 answered": response("GCS20", "0109 02 00 0708 0005 00 00 0B 04 87 01 0708 0005 00 01 0B FF 01"),
    "CS10a": HEAD_END.command("CS10a", commands.get_event_log()),
    "CS10a answered": response(
        "CS10a", "0109 01 01 0709 001A 19 00 01 0200 00 01 00 03 8381 804A371C 00 03 5481 804A371C 02 009B"
    ),
    "CS10b": HEAD_END.command("CS10b", commands.get_security_log(), Role.NETWORK_OPERATOR),
    "CS11": HEAD_END.command("CS11", commands.clear_event_log()),
    "CS11 answered": response("CS11", "0109 01 01 0709 0004 09 00 02 08"),
    "GCS33 answered": response("GCS33", "0109 01 01 0702 000E 08 00 01 0502 00 21 6400 1400 00 30 02"),
    "GCS38 answered": response("GCS38", "0109 01 01 0702 000C 08 00 01 0602 00 41 04 0123ABCD"),
    "GCS41": HEAD_END.command("GCS41", commands.update_site_id(UTC, b"1234567890")),
    "GCS44": HEAD_END.command("GCS44", commands.change_of_supplier(UTC, b"Gas", b"0800")),
    "encrypted": Message(
        *(Cra.RESPONSE, 9, GSME, SUPPLIER, 0x0074, ENCRYPTED, (1, 2, 3), CERTIFICATE),
        date_time=bytes.fromhex("07DF 01 01 FF 00 00 00 00 8000 00"),
        mac=bytes(12),
    ),
    "signed command": HEAD_END.protect(SIGNED_COMMAND),
    "DLMS": Message(Cra.COMMAND, 1, SUPPLIER, GSME, 0x0048, bytes.fromhex("D9 20 00"), mac=bytes(12)),
    "ASN.1": Message(Cra.COMMAND, 1, SUPPLIER, GSME, 0x0013, bytes.fromhex("30 03 02 01 05"), mac=bytes(12)),
    "alert": alert(0x1001, "0109 00 810E 1C374A80", signed=False),
    "critical alert": alert(0x1000, "0109 00 8F52 1C374A80", signed=True),
    "integrity": alert(0x00F2, "0109 01 81A0 1C374A80 0003", signed=False),
    "future-dated": alert(
        0x00CD, "0109 01 8F66 1C374A80 0E 006D 00000000000003E8 0705 01 06", signed=True
    ),
    "firmware": alert(0x00CF, "0109 01 8F72 1C374A80 0920" + "AB" * 32, signed=True),
    "billing": alert(0x008B, "0109 01 8F0A 1C374A80" + ENCRYPTED[3:].hex(), signed=True),
}  # fmt: skip
PAYLOADS: Final = {name: message.content for name, message in MESSAGES.items() if message.content[:2] == gbz.PROFILE}
