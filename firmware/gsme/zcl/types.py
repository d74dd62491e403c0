# Data types (ZCL 2.6.2): how long a value is, and whether it is analogue.

from micropython import const

UINT8 = const(0x20)
UINT16 = const(0x21)
UINT24 = const(0x22)
UINT32 = const(0x23)
UINT48 = const(0x25)
ENUM8 = const(0x30)
MAP8 = const(0x18)
OCTSTR = const(0x41)
STRING = const(0x42)
UTC = const(0xE2)

_LONG_OCTSTR = const(0x43)
_LONG_STRING = const(0x44)
_ARRAY = const(0x48)
_STRUCT = const(0x4C)
_SET = const(0x50)
_BAG = const(0x51)

# Runs of types whose values all have a fixed length: first type, last type, length of the first, step, analogue
_FIXED = (
    (0x00, 0x00, 0, 0, False),  # no data
    (0x08, 0x0F, 1, 1, False),  # data8 to data64
    (0x10, 0x10, 1, 0, False),  # bool
    (0x18, 0x1F, 1, 1, False),  # map8 to map64
    (0x20, 0x27, 1, 1, True),  # uint8 to uint64
    (0x28, 0x2F, 1, 1, True),  # int8 to int64
    (0x30, 0x31, 1, 1, False),  # enum8, enum16
    (0x38, 0x38, 2, 0, True),  # half
    (0x39, 0x39, 4, 0, True),  # single
    (0x3A, 0x3A, 8, 0, True),  # double
    (0xE0, 0xE2, 4, 0, True),  # time of day, date, UTC
    (0xE8, 0xE9, 2, 0, False),  # cluster id, attribute id
    (0xEA, 0xEA, 4, 0, False),  # BACnet OID
    (0xF0, 0xF0, 8, 0, False),  # EUI64
    (0xF1, 0xF1, 16, 0, False),  # 128-bit key
    (0xFF, 0xFF, 0, 0, False),  # unknown
)

UNDEFINED = const(-1)
CUT_SHORT = const(-2)
_DEEPEST = const(4)  # collections within collections; deeper ones are taken for damage

_lengths = bytearray(b"\xfe" * 256)
_analogue = bytearray(32)
for _first, _last, _bytes, _step, _is_analogue in _FIXED:
    for _type in range(_first, _last + 1):
        _lengths[_type] = _bytes + (_type - _first) * _step
        if _is_analogue:
            _analogue[_type >> 3] |= 1 << (_type & 7)
_NOT_FIXED = const(0xFE)


def analogue(type_id):
    return _analogue[type_id >> 3] >> (type_id & 7) & 1


# Length of the value of that type at p[at:]: >= 0, -1 for a type that is not defined, -2 when p ends within it.
def length(type_id, p, at):
    return _length(type_id, p, at, 0)


def _length(type_id, p, at, depth):
    n = _lengths[type_id]
    if n == _NOT_FIXED:
        n = _variable(type_id, p, at, depth)
    if n > len(p) - at:
        return CUT_SHORT
    return n


def _variable(type_id, p, at, depth):
    if type_id in (OCTSTR, STRING):
        if at >= len(p):
            return CUT_SHORT
        return 1 if p[at] == 0xFF else 1 + p[at]  # FF: no string
    if type_id not in (_LONG_OCTSTR, _LONG_STRING, _ARRAY, _STRUCT, _SET, _BAG):
        return UNDEFINED
    if type_id in (_ARRAY, _SET, _BAG):
        return _list(p, at, depth)
    if at + 2 > len(p):
        return CUT_SHORT
    n = p[at] | p[at + 1] << 8
    if n == 0xFFFF:
        return 2
    return _structure(n, p, at, depth) if type_id == _STRUCT else 2 + n


# Array, set, bag: element type, count, elements
def _list(p, at, depth):
    if at + 3 > len(p) or depth == _DEEPEST:
        return CUT_SHORT
    count = p[at + 1] | p[at + 2] << 8
    end = at + 3
    if count == 0xFFFF:
        return 3
    if _lengths[p[at]] != _NOT_FIXED:
        return 3 + count * _lengths[p[at]]
    for _ in range(count):
        n = _length(p[at], p, end, depth + 1)
        if n < 0:
            return n
        end += n
    return end - at


# Structure: count, then a type and a value each
def _structure(count, p, at, depth):
    end = at + 2
    if depth == _DEEPEST:
        return CUT_SHORT
    for _ in range(count):
        if end >= len(p):
            return CUT_SHORT
        n = _length(p[end], p, end + 1, depth + 1)
        if n < 0:
            return n
        end += 1 + n
    return end - at
