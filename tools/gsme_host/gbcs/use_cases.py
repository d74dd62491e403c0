"""The use cases of a gas meter by message code (GBCS use case annex), and the codes of its alerts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag
from typing import Final


class Role(Flag):
    """Roles of remote parties, with the bits of the bench's Enrol Remote Party."""

    NONE = 0
    SUPPLIER = 1
    NETWORK_OPERATOR = 2
    BROKER = 4


S, N, A = Role.SUPPLIER, Role.NETWORK_OPERATOR, Role.BROKER
NOBODY: Final = Role.NONE


@dataclass(frozen=True)
class UseCase:
    """One use case. `srv` is the head end's service reference; `protected`: its counter must grow."""

    code: int
    name: str
    what: str
    srv: str
    roles: Role
    protected: bool = False


# code, use case, what it does, SRV, roles, protected against replay
_ROWS: Final = (
    (0x00F1, "GCS20r", "read event configuration", "6.2.10", S),
    (0x00AD, "GCS20", "set event configuration", "6.22", S),
    (0x0014, "CS10a", "read event log", "6.13", S | N | A),
    (0x00A1, "CS10b", "read security log", "6.13", S | N | A),
    (0x0015, "CS11", "clear event log", "3.3", S),
    (0x0084, "GCS38", "read firmware version", "11.2", S | N | A),
    (0x0082, "GCS33", "read valve and battery", "7.4", S | N | A),
    (0x0089, "GCS46", "read MPRN", "6.2.7", S | N | A),
    (0x00FB, "GCS21m", "read identity, tamper and depletion state", "6.2.4", S | N | A),
    (0x009E, "GCS21e", "read identity, older form", "6.2.4", S | N | A),
    (0x0074, "GCS13a", "read consumption register", "4.1.1", S | N),
    (0x00B6, "GCS13c", "read time-of-use registers", "4.1.2", S | N),
    (0x00B8, "GCS13b", "read block counters", "4.1.4", S),
    (0x008D, "GCS60", "read meter balance", "4.18", S),
    (0x012A, "GCS60a", "read meter balance", "4.18", S),
    (0x0075, "GCS14", "read prepayment registers", "4.3", S),
    (0x007B, "GCS21a", "read gas configuration", "6.2.8", S | N | A),
    (0x00B5, "GCS21b", "read prepayment configuration", "4.13", S),
    (0x009F, "GCS21f", "read tariff", "4.11.1", S | A),
    (0x00BF, "GCS21j", "read payment mode", "6.2.9", S | A),
    (0x00DA, "GCS21k", "read billing calendar", "6.2.3", S | A),
    (0x009D, "GCS21d", "read billing calendar", "6.2.3", S | A),
    (0x0076, "GCS15c", "read billing data log, calendar", "4.4.3", S | A),
    (0x00C3, "GCS15b", "read billing data log, mode or tariff change", "4.4.2", S | A),
    (0x00C4, "GCS15d", "read billing data log, debt payments", "4.4.4", S | A),
    (0x00C5, "GCS15e", "read billing data log, credits", "4.4.5", S | A),
    (0x0077, "GCS16a", "read daily read log", "4.6.1", S | A),
    (0x0096, "GCS16b", "read daily read log, prepayment", "4.14", S | A),
    (0x0078, "GCS17", "read profile data log", "4.8.1", S | N | A),
    (0x0079, "GCS18", "read network data log", "4.10", S | A),
    (0x00A0, "GCS61", "read daily consumption log", "4.17", S | N | A),
    (0x0080, "GCS31", "start network data log", "14.1", A, True),
    (0x0071, "GCS07", "message to the customer", "3.1", S),
    (0x0072, "GCS09", "change of tenancy", "3.2", S),
    (0x0088, "GCS44", "supplier contact details", "3.4", S),
    (0x0073, "GCS11", "disable privacy PIN", "3.5", S, True),
    (0x0087, "GCS41", "set MPRN", "6.20.1", S, True),
    (0x0083, "GCS36", "show customer identification number", "9.1", A, True),
    (0x006B, "GCS01a", "set tariff and price", "1.1.1", S, True),
    (0x00A3, "GCS01b", "set price", "1.2.1", S, True),
    (0x006C, "GCS02", "set credit mode", "1.6", S, True),
    (0x006D, "GCS03", "set prepayment mode", "1.6", S, True),
    (0x006E, "GCS04", "manage debt", "2.3", S, True),
    (0x006F, "GCS05", "set prepayment configuration", "2.1", S, True),
    (0x0070, "GCS06", "activate emergency credit", "2.5", S, True),
    (0x0086, "GCS40a", "adjust balance", "1.5", S, True),
    (0x00B4, "GCS40b", "reset balance", "1.5", S, True),
    (0x00C0, "GCS40c", "adjust balance", "1.5", S, True),
    (0x00C2, "GCS40d", "reset balance", "1.5", S, True),
    (0x007C, "GCS23", "set calorific value and conversion factor", "6.6", S, True),
    (0x00FC, "GCS24a", "set flow rate limit and tamper state", "6.7", S, True),
    (0x007D, "GCS24", "set flow rate limit and tamper state", "6.7", S, True),
    (0x00D8, "GCS25a", "set billing calendar", "6.8", S, True),
    (0x007E, "GCS25", "set billing calendar", "6.8", NOBODY, True),
    (0x007F, "GCS28", "set clock", "6.11, 8.1.1", S),
    (0x0081, "GCS32", "close valve", "7.2", S, True),
    (0x0085, "GCS39", "arm valve", "7.3", S, True),
    (0x0097, "CS01b", "top up, remote", "2.2", NOBODY, True),
    (0x0008, "CS02a", "list security credentials", "6.24.1", NOBODY),
    (0x0012, "CS06", "activate firmware", "11.3", S),
    (0x0013, "CS07", "list joined devices", "8.9", NOBODY),
)

BY_CODE: Final = {row[0]: UseCase(*row) for row in _ROWS}
BY_NAME: Final = {use_case.name: use_case for use_case in BY_CODE.values()}

ALERTS: Final = {
    0x1000: "generic critical alert",
    0x1001: "generic non-critical alert",
    0x00CD: "future-dated command done or failed",
    0x00CF: "firmware verified or not",
    0x00F2: "integrity issue warning",
    0x008B: "billing data log updated (GCS53)",
}
SIGNED_ALERTS: Final = frozenset({0x1000, 0x00CD, 0x00CF, 0x008B})


def name(code: int) -> str:
    """Use case or alert of a message code, in words."""
    use_case = BY_CODE.get(code)
    if use_case:
        return f"{use_case.name}, {use_case.what}"
    return ALERTS.get(code, "no use case of a gas meter")
