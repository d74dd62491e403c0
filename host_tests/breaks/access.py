"""The access table: for each right, who has it too many and who has it no more."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_FILE: Final = "gsme/access.py"
_CELLS: Final = "host_tests/test_access_table.py::test_every_cell"
_ATTRIBUTES: Final = "host_tests/test_access_table.py::test_every_attribute_by_every_requester"
_ROWS: Final = "host_tests/test_access_rows.py"
_SECURITY_LOG: Final = f"{_ROWS}::test_MP078_603_the_security_log_in_every_behaviour"
_PUSHED: Final = f"{_ROWS}::test_publish_event_goes_to"
_MIRROR: Final = f"{_ROWS}::test_mirror_answers_are_the_gpfs"
_LEVELS: Final = "host_tests/test_access_security.py::test_every_level_on_every_side_by_every_requester"
REMOTE: Final = "host_tests/unit/test_remote_parties.py"


def _row(name: str, right: str, has: str, has_now: str, test: str) -> Break:
    """The table's row of one right, with other columns."""
    return Break(name, _FILE, f"    {has},  # {right}\n", f"    {has_now},  # {right}\n", test)


def _security_log(name: str, has_now: str) -> Break:
    """The row of reading the Security Log, which has a clause beside it."""
    return Break(
        name, _FILE, "_HUB | REMOTE,  # READ_SECURITY_LOG  ", f"{has_now},  # READ_SECURITY_LOG  ", _SECURITY_LOG
    )


_ALL_BUT_METERS: Final = "_HUB | _DISPLAYS | REMOTE"
_DATA: Final = "READ_METERING"
_LOG: Final = "READ_EVENT_LOG"
_OLD_LOG: Final = "READ_SECURITY_LOG_BEFORE_MP078"
_PUSH_SECURITY: Final = "    GPF,  # TAKE_SECURITY_EVENT"

BREAKS: Final = (
    _row("open-clusters-not-for-the-hub", "READ_OPEN", "_ANY", "_ANY & ~_HUB", _CELLS),
    _row("open-clusters-not-for-ppmids", "READ_OPEN", "_ANY", "_ANY & ~PPMID", _CELLS),
    _row("open-clusters-not-for-type-2", "READ_OPEN", "_ANY", "_ANY & ~TYPE_2", _CELLS),
    _row("open-clusters-not-for-meters", "READ_OPEN", "_ANY", "_ANY & ~METER", _CELLS),
    _row("open-clusters-not-for-strangers", "READ_OPEN", "_ANY", "_ANY & ~STRANGER", _CELLS),
    _row("identify-by-a-ppmid", "WRITE_OPEN", "_HUB", "_HUB | PPMID", _CELLS),
    _row("identify-by-a-meter", "WRITE_OPEN", "_HUB", "_HUB | METER", _CELLS),
    _row("identify-by-a-stranger", "WRITE_OPEN", "_HUB", "_HUB | STRANGER", _CELLS),
    _row("identify-not-by-the-gpf", "WRITE_OPEN", "_HUB", "CHF", _CELLS),
    _row("metering-not-for-the-chf", _DATA, _ALL_BUT_METERS, "GPF | _DISPLAYS | REMOTE", _ATTRIBUTES),
    _row("metering-not-for-ppmids", _DATA, _ALL_BUT_METERS, "_HUB | TYPE_2 | REMOTE", _ATTRIBUTES),
    _row("metering-not-for-type-2", _DATA, _ALL_BUT_METERS, "_HUB | PPMID | REMOTE", _ATTRIBUTES),
    _row("metering-for-meters", _DATA, _ALL_BUT_METERS, "_HUB | _DISPLAYS | METER | REMOTE", _ATTRIBUTES),
    Break("site-id-for-ppmids", _FILE, "_HUB | REMOTE,  # READ_CUSTOMER", "0x1C7,  # READ_CUSTOMER", _ATTRIBUTES),
    Break("site-id-for-type-2", _FILE, "_HUB | REMOTE,  # READ_CUSTOMER", "0x1CB,  # READ_CUSTOMER", _ATTRIBUTES),
    Break("site-id-not-for-the-gpf", _FILE, "_HUB | REMOTE,  # READ_CUSTOMER", "0x1C1,  # READ_CUSTOMER", _ATTRIBUTES),
    _row("configuration-read-by-type-2", "READ_EVENT_CONFIGURATION", "_HUB | SUPPLIER", "0x04B", _CELLS),
    _row("configuration-read-by-meters", "READ_EVENT_CONFIGURATION", "_HUB | SUPPLIER", "0x053", _CELLS),
    _row("configuration-not-read-by-the-gpf", "READ_EVENT_CONFIGURATION", "_HUB | SUPPLIER", "0x041", _CELLS),
    _row("configuration-set-by-ppmids", "SET_EVENT_CONFIGURATION", "_HUB | SUPPLIER", "0x047", _CELLS),
    _row("configuration-not-set-by-the-chf", "SET_EVENT_CONFIGURATION", "_HUB | SUPPLIER", "0x042", _CELLS),
    _row(
        "configuration-for-network-operators",
        "READ_EVENT_CONFIGURATION",
        "_HUB | SUPPLIER",
        "0x0C3",
        f"{REMOTE}::test_event_configuration_is_the_suppliers_alone",
    ),
    _row("event-log-not-for-the-chf", _LOG, _ALL_BUT_METERS, "GPF | _DISPLAYS | REMOTE", _CELLS),
    _row("event-log-not-for-ppmids", _LOG, _ALL_BUT_METERS, "_HUB | TYPE_2 | REMOTE", _CELLS),
    _row("event-log-for-meters", _LOG, _ALL_BUT_METERS, "_HUB | _DISPLAYS | METER | REMOTE", _CELLS),
    _row("event-log-cleared-by-the-hub", "CLEAR_EVENT_LOG", "SUPPLIER", "_HUB | SUPPLIER", _CELLS),
    _row("event-log-cleared-by-displays", "CLEAR_EVENT_LOG", "SUPPLIER", "_DISPLAYS | SUPPLIER", _CELLS),
    _row(
        "event-log-cleared-by-network-operators",
        "CLEAR_EVENT_LOG",
        "SUPPLIER",
        "SUPPLIER | NETWORK_OPERATOR",
        f"{REMOTE}::test_clearing_is_the_suppliers_alone",
    ),
    _security_log("security-log-for-ppmids", "_HUB | PPMID | REMOTE"),
    _security_log("security-log-for-type-2", "_HUB | TYPE_2 | REMOTE"),
    _security_log("security-log-for-meters", "_HUB | METER | REMOTE"),
    _security_log("security-log-not-for-the-chf", "GPF | REMOTE"),
    _security_log("security-log-not-for-the-gpf", "CHF | REMOTE"),
    _row("security-log-closed-before-mp078", _OLD_LOG, _ALL_BUT_METERS, "_HUB | REMOTE", _SECURITY_LOG),
    _row("security-log-for-meters-before-mp078", _OLD_LOG, _ALL_BUT_METERS, "0x1DF", _SECURITY_LOG),
    _row("events-without-the-han-bit-to-displays", "TAKE_EVENT", "GPF", "GPF | _DISPLAYS", _PUSHED),
    _row("events-without-the-han-bit-to-nobody", "TAKE_EVENT", "GPF", "_NOBODY", _PUSHED),
    _row("han-events-not-to-ppmids", "TAKE_HAN_EVENT", "GPF | _DISPLAYS", "GPF | TYPE_2", _PUSHED),
    _row("han-events-not-to-type-2", "TAKE_HAN_EVENT", "GPF | _DISPLAYS", "GPF | PPMID", _PUSHED),
    _row("han-events-to-meters", "TAKE_HAN_EVENT", "GPF | _DISPLAYS", "GPF | _DISPLAYS | METER", _PUSHED),
    _row("han-events-to-the-chf", "TAKE_HAN_EVENT", "GPF | _DISPLAYS", "_HUB | _DISPLAYS", _PUSHED),
    Break("security-events-to-ppmids", _FILE, _PUSH_SECURITY, "    GPF | PPMID,  # TAKE_SECURITY_EVENT", _PUSHED),
    Break("security-events-to-type-2", _FILE, _PUSH_SECURITY, "    GPF | TYPE_2,  # TAKE_SECURITY_EVENT", _PUSHED),
    Break("security-events-to-nobody", _FILE, _PUSH_SECURITY, "    _NOBODY,  # TAKE_SECURITY_EVENT", _PUSHED),
    _row("mirror-answers-by-the-chf", "ANSWER_MIRROR", "GPF", "_HUB", _MIRROR),
    _row("mirror-answers-not-by-the-gpf", "ANSWER_MIRROR", "GPF", "_NOBODY", _MIRROR),
    _row("time-by-the-gpf", "ANSWER_TIME", "CHF", "_HUB", f"{_ROWS}::test_time_is_the_chfs"),
    _row("time-not-by-the-chf", "ANSWER_TIME", "CHF", "_NOBODY", f"{_ROWS}::test_time_is_the_chfs"),
    _row("attributes-written-by-type-2", "WRITE_ATTRIBUTES", "_HUB | BENCH", "_HUB | TYPE_2 | BENCH", _CELLS),
    _row("attributes-not-written-by-the-gpf", "WRITE_ATTRIBUTES", "_HUB | BENCH", "CHF | BENCH", _CELLS),
    _row("reports-configured-by-ppmids", "CONFIGURE_REPORTING", "_HUB | BENCH", "_HUB | PPMID | BENCH", _CELLS),
    _row("reports-not-configured-by-the-chf", "CONFIGURE_REPORTING", "_HUB | BENCH", "GPF | BENCH", _CELLS),
    Break("a-hcalcs-is-a-display", _FILE, "GPF, METER, PPMID, TYPE_2)", "GPF, TYPE_2, PPMID, TYPE_2)", _CELLS),
    Break("an-ihd-is-a-hub", _FILE, "GPF, METER, PPMID, TYPE_2)", "GPF, METER, PPMID, CHF)", _CELLS),
    Break(
        "any-key-will-do",
        "gsme/zcl/dispatch.py",
        "request.security != cluster.LINK_KEY or request",
        "request",
        _LEVELS,
    ),
    Break(
        "strangers-pass",
        "gsme/zcl/dispatch.py",
        " or request.requester.column == access.STRANGER",
        "",
        "host_tests/test_choices.py::test_steps",
    ),
    Break("basic-needs-the-link-key", "gsme/clusters/basic.py", ", {}, security=NETWORK_KEY", ", {}", _LEVELS),
    Break("identify-needs-no-key", "gsme/clusters/identify.py", ",), NETWORK_KEY)", ",), 0)", _LEVELS),
)
