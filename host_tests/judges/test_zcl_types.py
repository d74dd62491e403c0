"""The table of data types against zigpy's, and the length of every value."""

from typing import Any

import pytest
from zigpy.zcl import foundation

from host_tests.judges.zcl_types import TYPES, CutShort, UnknownType, sample, value_end

ZIGPY: dict[int, Any] = {int(row.type_id): row for row in foundation.DataType}


def test_same_types_as_zigpy() -> None:
    """Ids and the analogue property agree with zigpy's table."""
    assert set(TYPES) == set(ZIGPY)
    for type_id, row in TYPES.items():
        assert row.analogue == (ZIGPY[type_id].type_class is foundation.DataClass.Analog), row


@pytest.mark.parametrize("type_id", sorted(TYPES))
def test_length_of_a_value(type_id: int) -> None:
    """The table and zigpy find the same end, and every cut is noticed."""
    value = sample(type_id)
    tail = b"\xa5\x5a"
    assert value_end(type_id, value + tail, 0) == len(value)
    assert ZIGPY[type_id].python_type.deserialize(value + tail)[1] == tail
    for cut in range(len(value)):
        with pytest.raises(CutShort):
            value_end(type_id, value[:cut], 0)


@pytest.mark.parametrize(
    ("type_id", "value"),
    [(0x41, "FF"), (0x42, "FF"), (0x43, "FFFF"), (0x48, "20 FFFF"), (0x4C, "FFFF")],
)
def test_invalid_values_have_no_content(type_id: int, value: str) -> None:
    """The invalid length or count stands alone."""
    data = bytes.fromhex(value)
    assert value_end(type_id, data, 0) == len(data)


def test_unknown_types() -> None:
    """Every other id is no type."""
    unknown = [type_id for type_id in range(256) if type_id not in TYPES]
    for type_id in unknown:
        with pytest.raises(UnknownType):
            value_end(type_id, bytes(16), 0)
    assert len(unknown) == 256 - len(TYPES)
