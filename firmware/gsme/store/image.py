# The device's state as one image, written whole. Behind the same interface a journal can take its place:
#
#   status()   SUCCESS, or why nothing can be written now
#   touch()    something that is kept has changed: dirty from then on
#   commit()   what has changed is kept; False if that failed
#
# Image: magic, then records (kind u8, length u16 LE, content), then CRC-32 LE of all before.

from micropython import const

from .. import crc32
from ..zcl import status

_MAGIC = b"GSME\x01"
_CRC = const(4)
_RECORD_HEADER = const(3)


class Store:
    # storage: load() -> bytes or None, save(image) -> True if that worked
    def __init__(self, storage):
        self._storage = storage
        self.dirty = False  # something that is kept has changed
        self.refuses = False  # a fault of the bench's
        self._failed = False  # the last image could not be written
        self._device = None
        self._parts = ()

    # parts: (kind, dump(device) -> content, restore(device, content)) of all that is kept. Restores what there is.
    def begin(self, device, parts):
        self._device = device
        self._parts = parts
        image = self._storage.load()
        if image is None or not _intact(image):
            return
        at = len(_MAGIC)
        while at < len(image) - _CRC:
            end = at + _RECORD_HEADER + (image[at + 1] | image[at + 2] << 8)
            self._restore(image[at], image[at + _RECORD_HEADER : end])
            at = end

    def _restore(self, kind, content):
        for part in self._parts:
            if part[0] == kind:
                part[2](self._device, content)

    def status(self):
        return status.HARDWARE_FAILURE if self.refuses or self._failed else status.SUCCESS

    def touch(self):
        self.dirty = True

    def commit(self):
        self.dirty = False
        return self.save()

    def save(self):
        image = bytearray(_MAGIC)
        for kind, dump, _ in self._parts:
            content = dump(self._device)
            image.extend(bytes((kind, len(content) & 255, len(content) >> 8)))
            image.extend(content)
        end = len(image)
        image.extend(bytes(_CRC))
        crc32.append(image, 0, end)
        self._failed = not self._storage.save(image)
        return not self._failed


def _intact(image):
    return len(image) >= len(_MAGIC) + _CRC and image[: len(_MAGIC)] == _MAGIC and crc32.holds(image, 0, len(image))
