# run() of crc32.py in native code.

from array import array

import micropython

# Of each nibble; the processors are little-endian.
_TABLE = array(
    "I",
    b"\x00\x00\x00\x00\x64\x10\xb7\x1d\xc8\x20\x6e\x3b\xac\x30\xd9\x26"
    b"\x90\x41\xdc\x76\xf4\x51\x6b\x6b\x58\x61\xb2\x4d\x3c\x71\x05\x50"
    b"\x20\x83\xb8\xed\x44\x93\x0f\xf0\xe8\xa3\xd6\xd6\x8c\xb3\x61\xcb"
    b"\xb0\xc2\x64\x9b\xd4\xd2\xd3\x86\x78\xe2\x0a\xa0\x1c\xf2\xbd\xbd",
)


@micropython.viper
def run(buf: ptr8, start: int, end: int, value: ptr8):
    table = ptr32(_TABLE)
    crc = uint(0xFFFF << 16 | 0xFFFF)
    while start < end:  # the caller gives 0 <= start <= end <= len(buf)
        crc = crc ^ uint(buf[start])
        crc = crc >> 4 ^ uint(table[crc & 15])
        crc = crc >> 4 ^ uint(table[crc & 15])
        start += 1
    for i in range(4):  # and four bytes in value
        value[i] = crc & 255 ^ 255
        crc = crc >> 8
