"""What remote parties may ask, and what they get: straight through the dispatcher that the HAN uses.

Sources: GBCS GCS20, GCS20r, CS10a, CS10b, CS11 and the published test set (one command, oldest first, end inclusive,
payload control 00, frame controls); the access table's remote columns; MP078-550-1, -3, -4 and MP078-603-13 as far as
the ZCL frame goes. Frames are ZCL, hex. Not proved: MAC, envelope, counters: there is no tunnel yet.
"""

from __future__ import annotations

from typing import Final

import pytest

from gsme_host.zcl import Cluster
from host_tests.judges.event_list import FACTORY, PUBLISHED_ORDER
from host_tests.unit.remote import (
    BROKER,
    NETWORK_OPERATOR,
    ROLES,
    SUPPLIER,
    T0,
    Step,
    ask,
    at,
    by,
    entry,
    event,
    fault,
    get_log,
    log,
    run,
)
from host_tests.unit.script import Scripts

BASIC, IDENTIFY, METERING = Cluster.BASIC, Cluster.IDENTIFY, Cluster.METERING
MANAGEMENT, EVENTS = Cluster.DEVICE_MANAGEMENT, Cluster.EVENTS
READERS_ONLY: Final = (NETWORK_OPERATOR, BROKER)
NO_CONFIGURATION: Final = 0x01  # faults
NO_WRITES: Final = 0x08
EVENT_LOG, SECURITY_LOG = 3, 4
FULL_EVENT_LOG: Final = 0x13  # CS10a
MINIMAL_SECURITY_LOG: Final = 0x04  # CS10b
ENTRIES: Final = 100
ROWS: Final = "".join(f"{code.to_bytes(2, 'little').hex()}{FACTORY[code]:02X}" for code in PUBLISHED_ORDER)

SOME: Final = (  # two entries in each log, in this order
    at(10),
    event(0x8183, "AABB"),
    at(20),
    event(0x8F3F),
    at(30),
    event(0x8F74),
    at(40),
    event(0x81A1),
)
FIRST: Final = entry(EVENT_LOG, 0x8183, 10, "AABB")
SECOND: Final = entry(SECURITY_LOG, 0x8F3F, 20)
THIRD: Final = entry(SECURITY_LOG, 0x8F74, 30)
FOURTH: Final = entry(EVENT_LOG, 0x81A1, 40)


# --- event configuration


def test_GCS20r_is_one_command_with_all_44(sources: Scripts) -> None:
    run(
        sources,
        by(SUPPLIER),
        ask(MANAGEMENT, "09 00 05 FF81", f"01 00 04 00 01 {ROWS}", words="MP078-550-1"),
        ask(MANAGEMENT, "09 01 05 FFFF", f"01 01 04 00 01 {ROWS}", words="every group is this one"),
        ask(MANAGEMENT, "09 02 05 0D81", "01 02 04 00 01 0D8118", words="one code"),
        ask(MANAGEMENT, "09 03 05 0082", "00 03 0B 05 8B", words="nothing held, MP078-550-3"),
        fault(NO_CONFIGURATION),
        ask(MANAGEMENT, "09 04 05 FF81", "00 04 0B 05 C0", words="unreadable, MP078-550-4"),
        fault(0),
        ask(MANAGEMENT, "09 05 05 FF81", f"01 05 04 00 01 {ROWS}", words="readable again"),
    )


def test_GCS20_sets_a_list_all_or_nothing(sources: Scripts) -> None:
    run(
        sources,
        by(SUPPLIER),
        ask(MANAGEMENT, "09 00 04 804A371C 00000000 5B 00 03 AA81 AB81 C481", "00 00 0B 04 00"),
        ask(MANAGEMENT, "09 01 05 AB81", "01 01 04 00 01 AB815B"),
        ask(MANAGEMENT, "09 02 04 804A371C 00000000 0B 00 02 AA81 3E8F", "00 02 0B 04 8B", words="a critical code"),
        ask(MANAGEMENT, "09 03 04 804A371C 00000000 0C 00 01 AA81", "00 03 0B 04 87", words="another log"),
        fault(NO_WRITES),
        ask(MANAGEMENT, "09 04 04 804A371C 00000000 0B 00 01 AA81", "00 04 0B 04 C0", words="storage refuses"),
        fault(0),
        ask(MANAGEMENT, "09 05 05 AA81", "01 05 04 00 01 AA815B", words="as it was set"),
    )


@pytest.mark.parametrize("role", READERS_ONLY)
def test_event_configuration_is_the_suppliers_alone(sources: Scripts, role: str) -> None:
    run(
        sources,
        by(role),
        ask(MANAGEMENT, "09 00 05 FF81", "00 00 0B 05 7E"),
        ask(MANAGEMENT, "09 01 04 00000000 00000000 0B 00 01 AA81", "00 01 0B 04 7E"),
        ask(MANAGEMENT, "08 02 00 AA81", "00 02 0B 00 7E", words="nor as an attribute"),
        by(role, SUPPLIER),
        ask(MANAGEMENT, "08 03 00 AA81", "00 03 01 AA81 00 18 1B", words="a party may have several roles"),
    )


# --- logs


@pytest.mark.parametrize("role", ROLES)
def test_CS10a_and_CS10b_oldest_first_by_every_role(sources: Scripts, role: str) -> None:
    """MP078-603-13: the log of security events is open to all three, as before the modification."""
    run(
        sources,
        by(role),
        ask(EVENTS, get_log(0, FULL_EVENT_LOG), "08 00 0B 00 8B", words="an empty log"),
        *SOME,
        ask(EVENTS, get_log(1, FULL_EVENT_LOG), log(1, 2, FIRST, FOURTH)),
        ask(EVENTS, get_log(2, MINIMAL_SECURITY_LOG), log(2, 2, SECOND, THIRD)),
        ask(EVENTS, get_log(3, 0x10), log(3, 4, FIRST, SECOND, THIRD, FOURTH), words="both logs"),
        ask(EVENTS, get_log(4, 0x03), log(4, 2, entry(EVENT_LOG, 0x8183, 10), FOURTH), words="minimal: no data"),
        ask(EVENTS, get_log(5, 0x10, event_id=0x8F74), log(5, 1, THIRD), words="one code"),
    )


def test_the_end_of_the_window_is_included(sources: Scripts) -> None:
    run(
        sources,
        by(SUPPLIER),
        *SOME,
        ask(EVENTS, get_log(0, 0x10, T0 + 20, T0 + 30), log(0, 2, SECOND, THIRD), words="both ends included"),
        ask(EVENTS, get_log(1, 0x10, T0 + 30, T0 + 30), log(1, 1, THIRD), words="a window of one second"),
        ask(EVENTS, get_log(2, 0x10, T0 + 21, T0 + 29), "08 02 0B 00 8B", words="nothing between"),
        ask(EVENTS, get_log(3, 0x10, T0 + 30, T0 + 29), "08 03 0B 00 8B", words="start after end"),
        ask(EVENTS, get_log(4, 0x10, 0, T0 + 10), log(4, 1, FIRST), words="start 0: from the oldest"),
        ask(EVENTS, get_log(5, 0x10, T0 + 40, 0xFFFFFFFF), log(5, 1, FOURTH), words="FFFFFFFF: no end"),
    )


def test_number_and_offset_count_from_the_oldest(sources: Scripts) -> None:
    """The total is that of all matches, before offset and number."""
    run(
        sources,
        by(BROKER),
        *SOME,
        ask(EVENTS, get_log(0, 0x10, window="02 0000"), log(0, 4, FIRST, SECOND)),
        ask(EVENTS, get_log(1, 0x10, window="02 0100"), log(1, 4, SECOND, THIRD)),
        ask(EVENTS, get_log(2, 0x10, window="00 0300"), log(2, 4, FOURTH)),
        ask(EVENTS, get_log(3, 0x10, window="00 0400"), "08 03 0B 00 8B", words="offset beyond the matches"),
    )


def test_other_log_ids(sources: Scripts) -> None:
    """Those of ZSE and of the GPF's copies are not found here; what is reserved is no field's value."""
    refused = [(log_id, 0x8B) for log_id in (1, 2, 5, 6, 7)] + [(log_id, 0x85) for log_id in range(8, 16)]
    asks = [ask(EVENTS, get_log(n, n), f"08 {n:02X} 0B 00 {status:02X}") for n, status in refused]
    controls = [ask(EVENTS, get_log(n, n << 4 | 3), f"08 {n:02X} 0B 00 85") for n in range(2, 16)]
    assert len(run(sources, by(SUPPLIER), *SOME, *asks, *controls)) == 13 + 14


def test_a_whole_log_is_one_command(sources: Scripts) -> None:
    """A hundred entries with two bytes of data each; the five oldest have given way."""
    raised = [step for n in range(ENTRIES + 5) for step in (at(n), event(0x8183, f"{n:04X}"))]
    entries = [entry(EVENT_LOG, 0x8183, n, f"{n:04X}") for n in range(5, ENTRIES + 5)]
    run(sources, by(SUPPLIER), *raised, ask(EVENTS, get_log(0, FULL_EVENT_LOG), log(0, ENTRIES, *entries)))


def test_CS11_clears_the_event_log_and_is_written_down(sources: Scripts) -> None:
    cleared = entry(SECURITY_LOG, 0x8F52, 40)
    run(
        sources,
        by(SUPPLIER),
        *SOME,
        *(ask(EVENTS, f"01 00 01 {n:02X}", "09 00 02 00", words="not done") for n in range(256) if n != EVENT_LOG),
        fault(NO_WRITES),
        ask(EVENTS, "01 01 01 03", "09 01 02 00", words="storage refuses: not done"),
        fault(0),
        ask(EVENTS, get_log(2, 0x10), log(2, 4, FIRST, SECOND, THIRD, FOURTH), words="nothing has changed"),
        ask(EVENTS, "01 03 01 03", "09 03 02 08", words="done"),
        ask(EVENTS, get_log(4, FULL_EVENT_LOG), "08 04 0B 00 8B", words="empty"),
        ask(
            EVENTS, get_log(5, MINIMAL_SECURITY_LOG), log(5, 3, SECOND, THIRD, cleared), words="8F52 behind the others"
        ),
    )


@pytest.mark.parametrize("role", READERS_ONLY)
def test_clearing_is_the_suppliers_alone(sources: Scripts, role: str) -> None:
    refused: list[Step] = [ask(EVENTS, f"01 00 01 {n:02X}", "08 00 0B 01 7E") for n in (0, 3, 4, 7)]
    run(sources, by(role), *SOME, *refused, ask(EVENTS, get_log(1, FULL_EVENT_LOG), log(1, 2, FIRST, FOURTH)))


# --- the other rows


@pytest.mark.parametrize("role", ROLES)
def test_reading_and_what_is_not_for_remote_parties(sources: Scripts, role: str) -> None:
    run(
        sources,
        by(role),
        ask(BASIC, "00 00 00 0700", "08 00 01 0700 00 30 03"),
        ask(BASIC, "00 01 02 1100 30 01", "08 01 0B 02 7E", words="writing is the hub's"),
        ask(IDENTIFY, "01 02 01", "08 02 0B 01 00", words="Identify Query goes with reading"),
        ask(IDENTIFY, "01 03 00 0500", "08 03 0B 00 7E", words="Identify goes with writing"),
        ask(METERING, "00 04 00 0003 0103", "08 04 01 0003 00 30 01 0103 00 22 010000"),
        ask(METERING, "00 05 00 0703 1103", "08 05 01 0703 00 41 00 1103 00 41 00", words="SiteID, CIN"),
        ask(METERING, "00 06 06 00 1400 30 0000 0000", "08 06 0B 06 7E", words="reports are the hub's"),
        ask(METERING, "00 07 08 00 1400", "08 07 0B 08 7E"),
        ask(METERING, "00 08 02 0000 25 000000000000", "08 08 0B 02 7E"),
    )


def test_an_answer_may_be_longer_than_a_HAN_frame(sources: Scripts) -> None:
    """Sixty unknown attributes in one frame: on the HAN there is room for 25."""
    names = "".join(f"{n:02X}FE" for n in range(60))
    records = "".join(f"{n:02X}FE86" for n in range(60))
    run(sources, by(SUPPLIER), ask(METERING, f"00 00 00 {names}", f"08 00 01 {records}"))
