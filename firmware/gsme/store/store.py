# What is kept, changed one transaction at a time: touch what will change, change it, commit. Only then is anything said
# of it. Where the commit fails all that was touched is put back.
#
#   touch(kind, key)    before a change that a commit must keep: undone if it fails
#   add(kind, content)  a change that is made by the commit itself, once it is kept
#   note(kind, key)     after a change that is a fact: kept with the next commit, and never undone
#
# The whole state is copied to the journal's end in slices, so that older segments can be used again.

from micropython import const

from ..zcl import status
from . import journal as ring
from . import names
from .flash import ENOSPC, Flash

_ITEM = const(3)  # kind, length
_SLICE = const(256)  # of a copy: so much at a time, or one item


class Store:
    # board: flash, flash_word
    def __init__(self, board):
        self.flash = Flash(board.flash, board.flash_word)
        self._journal = ring.Journal(self.flash)
        self._device = None
        self._parts = {}  # kind -> part
        self._touched = []  # (kind, key, content before)
        self._added = []  # (kind, content)
        self._noted = []  # (kind, key)
        self._copy = None  # what is left of the copy that is being made
        self.refuses = False  # a fault of the bench's
        self._failure = status.SUCCESS  # of the last record
        self._foreign = False
        self.due = False  # there is something that poll() does
        self.recovered = False  # storage has failed and works again

    # parts: (kind, keys(device), dump(device, key) -> content or None, restore(device, buf, start, end)), in the order
    # in which they are copied. Restores what there is. True unless something that was kept cannot be read.
    def begin(self, device, parts):
        self._device = device
        self._order = parts
        for part in parts:
            self._parts[part[0]] = part
        found = self._journal.mount(self._apply)
        self._foreign = found == ring.FOREIGN
        if found == ring.EMPTY:
            self._copy_all()
        elif found == ring.USED:
            self._make_room()
        return not self._journal.damaged

    # Records of another version stay as they are until this is called.
    def format(self):
        if self._foreign:
            self._foreign = False
            self._journal.reset()
            self._copy_all()

    # buf[at:end] are items.
    def _apply(self, buf, at, end):
        while at + _ITEM <= end:
            following = at + _ITEM + (buf[at + 1] | buf[at + 2] << 8)
            if buf[at] in self._parts and following <= end:
                self._restore(buf[at], buf, at + _ITEM, following)
            at = following

    def _restore(self, kind, buf, at, end):
        self._parts[kind][3](self._device, buf, at, end)

    # --- changes

    # SUCCESS, or why nothing can be written now.
    def status(self):
        return status.HARDWARE_FAILURE if self.refuses or self._foreign else self._failure

    def touch(self, kind, key=None):
        for touched in self._touched:
            if touched[0] == kind and touched[1] == key:
                return
        self._touched.append((kind, key, self._parts[kind][2](self._device, key)))

    # What the clusters' tables need of it.

    def touch_attribute(self, c, attribute):
        self.touch(names.ATTRIBUTE, (c, attribute))

    def touch_reports(self):
        self.touch(names.REPORTING)

    def add(self, kind, content):
        self._added.append((kind, content))

    def note(self, kind, key=None):
        if (kind, key) not in self._noted:
            self._noted.append((kind, key))
        self.due = True

    # Changes and keeps, as one transaction. change(*arguments) -> status, or None for SUCCESS.
    def keep(self, kind, key, change, *arguments):
        failure = self.status()
        if failure:
            return failure
        self.touch(kind, key)
        failure = change(*arguments)
        if failure:
            self.undo()
            return failure
        return self.commit()

    # Puts back all that was touched since the last commit.
    def undo(self):
        while self._touched:
            kind, _, content = self._touched.pop()
            self._restore(kind, content, 0, len(content))
        self._added.clear()

    # Keeps all that was touched or added, and what was noted as far as there is room, in one record. Returns SUCCESS,
    # or why that failed: then nothing of it has come about.
    def commit(self):
        if not (self._touched or self._added or self._noted):
            return status.SUCCESS
        failure = self.status() or self._append()
        if failure:
            self.undo()
            return failure
        self._touched.clear()
        while self._added:
            kind, content = self._added.pop(0)
            self._restore(kind, content, 0, len(content))
        self._make_room()
        return status.SUCCESS

    def _append(self):
        end = ring.ITEMS
        for kind, key, _ in self._touched:
            end = self._put_part(end, kind, key)
        for kind, content in self._added:
            end = self._put(end, kind, content)
        return self._append_noted(end) if end else status.INSUFFICIENT_SPACE

    def _append_noted(self, end):
        written = 0
        for kind, key in self._noted:
            following = self._put_part(end, kind, key)
            if not following:
                break
            end = following
            written += 1
        failure = self._write(end)
        if not failure:
            del self._noted[:written]
        return failure

    def _put_part(self, end, kind, key):
        return self._put(end, kind, self._parts[kind][2](self._device, key))

    # Puts an item into the record at hand. Returns where it ends; 0 where it has no room.
    def _put(self, end, kind, content):
        if content is None or not end:
            return end
        n = len(content)
        start = end + _ITEM
        if start + n > ring.ITEMS + ring.MOST:
            return 0
        buf = self._journal.buf
        buf[end] = kind
        buf[end + 1] = n & 255
        buf[end + 2] = n >> 8
        buf[start : start + n] = content
        return start + n

    # The one place where flash that fails becomes a status.
    def _write(self, end):
        try:
            self._journal.append(end)
            self.recovered = self.recovered or self._failure != status.SUCCESS
            self._failure = status.SUCCESS
            self.due = self.due or self._journal.wants_copy()
        except OSError as error:
            self._failed(error)
        return self._failure

    def _failed(self, error):
        self._failure = status.INSUFFICIENT_SPACE if error.errno == ENOSPC else status.HARDWARE_FAILURE
        self._journal.drop_copy()
        self._copy = None

    # --- what is done beside

    # One slice.
    def poll(self):
        if self.status():
            self.due = False  # until it works again
        elif self._copy is not None:
            self._copy_slice()
        elif self._journal.wants_copy():
            self._begin_copy(False)
        else:
            self.due = False
            self.commit()

    # Call it now and then: tries again what failed.
    def retry(self):
        self.due = True
        if not self._failure or self.refuses:
            return
        self._make_room()
        self._append_noted(ring.ITEMS)

    # --- copying

    # Between two transactions: a copy that is late is finished, or made at one go. The last segments are for copies
    # alone, so that one can always be made.
    def _make_room(self):
        if self._journal.free() > self._journal.room:
            return
        while self._copy is not None:
            self._copy_slice()
        if self._journal.free() <= self._journal.room:
            self._copy_all()

    def _copy_all(self):
        self._begin_copy(True)
        while self._copy is not None:
            self._copy_slice()

    def _begin_copy(self, alone):
        try:
            self._journal.begin_copy(alone)
            self._copy = self._live()
        except OSError as error:
            self._failed(error)

    # Names of all that is live.
    def _live(self):
        for part in self._order:
            for key in part[1](self._device):
                yield part[0], key

    def _copy_slice(self):
        end = ring.ITEMS
        for kind, key in self._copy:
            end = self._put_part(end, kind, key)
            if not end:
                self._failed(OSError(ENOSPC))
                return
            if end >= ring.ITEMS + _SLICE:
                self._write(end)
                return
        if not self._write(end):
            self._end_copy()

    def _end_copy(self):
        self._copy = None
        try:
            self._journal.end_copy()
        except OSError as error:
            self._failed(error)
