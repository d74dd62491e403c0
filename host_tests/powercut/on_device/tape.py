# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# A life written down: the operations of its flash in order, and between them what the meter held. MicroPython.
#
#   operation  01 | block u8 | offset u16 | length u16 | data; an erase has length FFFF and no data
#   note       02 | growing u64 * 5 | digest | length u8 | name         see kept.py
#
# What a cut in an operation may leave is what the note before it says, or the next one. Where that is one of a PUT,
# what the hub took before may not have been kept yet: then the note with the facts of the one before it counts too.

import struct

import kept
from journal import kinds_of

_OPERATION = "<BBHH"
_NOTE = "<B5Q"
_ERASE = 0xFFFF
_NOTE_TAG = 2


class Writer:
    def __init__(self, file):
        self._file = file
        self.operations = 0
        self.notes = 0
        self.records = 0
        self.kinds = set()

    def operation(self, block, offset, data):
        self.operations += 1
        length = _ERASE if data is None else len(data)
        self._file.write(struct.pack(_OPERATION, 1, block, offset, length))
        if data is not None:
            self._file.write(data)
            kinds = kinds_of(block, offset, data)
            self.records += bool(kinds)
            self.kinds.update(kinds)

    def note(self, name, digest, growing):
        self.notes += 1
        self._file.write(struct.pack(_NOTE, _NOTE_TAG, *growing) + digest + bytes((len(name),)) + name.encode())


class Note:
    def __init__(self, growing, digest, name):
        self.growing = growing
        self.digest = digest
        self.name = name


# Reads (notes, operations), where there are operations: each is (block, offset, data).
def read(file):
    earlier = before = None
    operations = []
    while True:
        tag = file.read(1)
        if not tag:
            return
        if tag[0] == _NOTE_TAG:
            behind = _read_note(file)
            if operations:
                yield _notes(earlier, before, behind), operations
            earlier = before
            before = behind
            operations = []
        else:
            operations.append(_read_operation(file))


def _notes(earlier, before, behind):
    if before and before.name == "put":
        return Note(before.growing, kept.with_facts(before.digest, earlier.digest), before.name), before, behind
    return before, behind


def _read_note(file):
    growing = struct.unpack(_NOTE[0] + _NOTE[2:], file.read(40))
    digest = file.read(kept.LENGTH)
    return Note(growing, digest, file.read(file.read(1)[0]).decode())


def _read_operation(file):
    block, offset, length = struct.unpack("<BHH", file.read(5))
    return block, offset, None if length == _ERASE else file.read(length)
