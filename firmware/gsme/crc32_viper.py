# run() of crc32.py in native code.

from array import array

import micropython

# fmt: off
_TABLE = array("I", (
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
))
# fmt: on


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
