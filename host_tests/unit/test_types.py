"""How long a value is, for every type id, whole, cut short, nested, and for bytes that are no value at all.

Source: ZCL 2.6.2, table of data types, as judges/zcl_types.py has it. -1: no such type; -2: the bytes end inside the
value. Collections within collections are read to a depth of four; a deeper one may be taken for damage, which the last
test allows.
"""

from __future__ import annotations

import random
from typing import Final

from host_tests.judges.zcl_types import (
    ARRAY,
    BAG,
    OCTSTR,
    SET,
    STRUCT,
    TYPES,
    UINT16,
    CutShort,
    UnknownType,
    sample,
    value_end,
)
from host_tests.unit.script import Scripts

UNDEFINED: Final = -1
CUT_SHORT: Final = -2
DEEPEST: Final = 4
LISTS: Final = (ARRAY, SET, BAG)
COLLECTIONS: Final = (*LISTS, STRUCT)
SEED: Final = 0x6D703738
GARBAGE: Final = 1500
BEHIND: Final = b"\xee\xee"  # of no value

Value = tuple[int, bytes]  # type id and image


def expected(value: Value) -> int:
    """What length() has to return."""
    try:
        return value_end(*value, 0)
    except UnknownType:
        return UNDEFINED
    except CutShort:
        return CUT_SHORT


def check(scripts: Scripts, values: list[Value]) -> set[int]:
    """Asks for every length; returns the kinds of answers: 0 for a length, or what is wrong."""
    found = [number for number, _ in scripts.call(*(("length", image, type_id) for type_id, image in values))]
    wanted = [expected(value) for value in values]
    wrong = [(v[0], v[1].hex(), w, f) for v, w, f in zip(values, wanted, found, strict=True) if w != f]
    assert not wrong, f"{len(wrong)} wrong, type, bytes, wanted, found: {wrong[:5]}"
    return {min(number, 0) for number in found}


def _strings() -> list[Value]:
    """Lengths 0, 1, the longest, none (FF, FFFF)."""
    short = [b"\x00", b"\x01A", b"\xfe" + b"A" * 254, b"\xff"]
    long = [b"\x00\x00", b"\x01\x00A", b"\x00\x01" + b"A" * 256, b"\xff\xff"]
    return [(kind, v) for kind in (0x41, 0x42) for v in short] + [(kind, v) for kind in (0x43, 0x44) for v in long]


def _list_of(element: Value, count: int) -> bytes:
    return bytes((element[0],)) + count.to_bytes(2, "little") + element[1] * count


def _struct_of(*elements: Value) -> bytes:
    return len(elements).to_bytes(2, "little") + b"".join(bytes((kind,)) + image for kind, image in elements)


def _nested(depth: int) -> list[Value]:
    """Collections of every kind in collections of every kind, `depth` of them, around a uint16 or a string."""
    values: list[Value] = [(UINT16, b"\x01\x02"), (OCTSTR, b"\x03abc")]
    for _ in range(depth):
        around = [(kind, _list_of(value, 2)) for kind in LISTS[:2] for value in values[:4]]
        values = [*around, (STRUCT, _struct_of(*values[:3])), (STRUCT, _struct_of(values[-1]))]
    return values


def _collections() -> list[Value]:
    whole = [value for depth in range(1, DEEPEST + 1) for value in _nested(depth)]
    empty = [(kind, b"\x20\x00\x00") for kind in LISTS] + [(STRUCT, b"\x00\x00")]
    none = [(kind, b"\x20\xff\xff") for kind in LISTS] + [(STRUCT, b"\xff\xff")]
    unknown = [(kind, b"\x77\x01\x00\x00") for kind in LISTS] + [(STRUCT, b"\x01\x00\x77\x00")]
    no_bytes = [(kind, b"\x00\xfe\xff") for kind in LISTS]  # 65534 values of the type without data
    return whole + empty + none + unknown + no_bytes


def test_every_type_id_whole_and_with_bytes_behind(scripts: Scripts) -> None:
    values = [(n, sample(n) + BEHIND) if n in TYPES else (n, bytes(20)) for n in range(256)]
    assert check(scripts, values) == {0, UNDEFINED}
    assert len(values) == 256


def test_every_value_cut_before_each_byte(scripts: Scripts) -> None:
    whole = [(n, sample(n)) for n in TYPES] + _strings() + _collections()
    cut = [(kind, image[:length]) for kind, image in whole for length in range(len(image))]
    assert check(scripts, cut) == {CUT_SHORT, UNDEFINED}
    assert len(cut) == sum(len(image) for _, image in whole)


def test_strings_and_collections(scripts: Scripts) -> None:
    values = [(kind, image + behind) for kind, image in _strings() + _collections() for behind in (b"", BEHIND)]
    assert check(scripts, values) == {0, UNDEFINED}


def test_garbage(scripts: Scripts) -> None:
    """Collections of random bytes, of small numbers so that something fits."""
    source = random.Random(SEED)  # noqa: S311  # it has to be repeatable
    pool = (0, 1, 2, 3, 0xFF, UINT16, OCTSTR, *TYPES)
    flat = [kind for kind in pool if kind not in COLLECTIONS]
    values = [
        (source.choice(COLLECTIONS), bytes(source.choice(flat) for _ in range(source.randrange(24))))
        for _ in range(GARBAGE)
    ]
    assert check(scripts, values) == {0, UNDEFINED, CUT_SHORT}


def test_analogue_types(scripts: Scripts) -> None:
    """A reportable change is only sent for these; the others are discrete."""
    found = [number for number, _ in scripts.call(*(("analogue", b"", n) for n in range(256)))]
    assert [n for n in range(256) if found[n]] == sorted(n for n, row in TYPES.items() if row.analogue)


def test_the_deepest_nesting_ends(scripts: Scripts) -> None:
    """As many levels as a frame has room for: either the length, or damage; never a failure."""
    image: Value = (UINT16, b"\x01\x02")
    for _ in range(500):
        image = (ARRAY, _list_of(image, 1))
    ((found, _),) = scripts.call(("length", image[1], ARRAY))
    assert found in (len(image[1]), CUT_SHORT)
