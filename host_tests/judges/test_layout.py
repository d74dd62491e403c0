"""Layouts measure payloads as a careful reader of the specification does."""

import pytest

from host_tests.judges.commands import GLOBAL_COMMANDS, Command, received
from host_tests.judges.layout import Field, Fit, Kind, Layout
from host_tests.judges.meter_map import DEVICE_MANAGEMENT, Side

BY_ID = {command.id: command for command in GLOBAL_COMMANDS}
SET_LIST = next(one for one in received(DEVICE_MANAGEMENT, Side.CLIENT) if one.variant == "list")
FIXED = "00000000 00000000 1B 00"

MEASURED = [  # command, payload, what it is, records
    (BY_ID[0x00], "0000 1400", Fit.COMPLETE, 2),
    (BY_ID[0x00], "0000 14", Fit.CUT, 1),
    (BY_ID[0x00], "", Fit.EMPTY, 0),
    (BY_ID[0x02], "1000 42 02 4142 1100 30 00", Fit.COMPLETE, 2),
    (BY_ID[0x02], "1000 42 03 4142", Fit.CUT, 0),
    (BY_ID[0x02], "1000 42 FF", Fit.COMPLETE, 1),
    (BY_ID[0x02], "1000 07 00", Fit.OPEN, 0),
    (BY_ID[0x06], "00 0000 25 0100 3C00 010000000000", Fit.COMPLETE, 1),
    (BY_ID[0x06], "00 0000 25 0100 3C00 0100000000", Fit.CUT, 0),
    (BY_ID[0x06], "00 1400 30 0100 3C00", Fit.COMPLETE, 1),
    (BY_ID[0x06], "00 1400 07 0100 3C00", Fit.OPEN, 0),
    (BY_ID[0x06], "01 1400 3C00", Fit.COMPLETE, 1),
    (BY_ID[0x06], "02 1400", Fit.OPEN, 0),
    (BY_ID[0x06], "00 1400", Fit.CUT, 0),
    (BY_ID[0x0B], "05 8B", Fit.COMPLETE, 0),
    (BY_ID[0x0B], "05", Fit.CUT, 0),
    (BY_ID[0x0C], "0000 FF", Fit.COMPLETE, 0),
    (SET_LIST, FIXED + "00", Fit.EMPTY, 0),
    (SET_LIST, FIXED + "02 AA81 AB81", Fit.COMPLETE, 2),
    (SET_LIST, FIXED + "02 AA81 AB", Fit.CUT, 1),
]


@pytest.mark.parametrize(("command", "payload", "fit", "records"), MEASURED, ids=[row[1] for row in MEASURED])
def test_measure(command: Command, payload: str, fit: Fit, records: int) -> None:
    """What a payload is, and how many whole records it has."""
    measured = command.layout.measure(bytes.fromhex(payload))
    assert (measured.fit, measured.records) == (fit, records)


def test_what_is_behind_the_last_field_is_not_looked_at() -> None:
    """Bytes of a later revision: the payload is complete, and less than all of it is used."""
    measured = SET_LIST.layout.measure(bytes.fromhex(FIXED + "01 AA81 AB81"))
    assert (measured.fit, measured.used) == (Fit.COMPLETE, 13)


def test_strings() -> None:
    """A length says how many bytes follow; FF says that there is no string."""
    layout = Layout((Field("name", kind=Kind.LENGTH, most=16),))
    assert layout.measure(bytes.fromhex("02 4142")).fit is Fit.COMPLETE
    assert layout.measure(bytes.fromhex("02 41")).fit is Fit.CUT
    assert layout.measure(bytes.fromhex("FF")).used == 1


def test_counting_fields_are_found() -> None:
    """With their offsets."""
    found = SET_LIST.layout.measure(SET_LIST.sample).counts
    assert [(field.name, at) for field, at in found] == [("count", 10)]
