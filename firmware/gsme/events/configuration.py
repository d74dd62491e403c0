# The event configuration set: what happens with each configurable code (GBCS GCS20, GCS20r; ZSE Device Management).
#
# It is kept as it is sent, three bytes an event: event id u16, configuration map8.

from micropython import const

from ..zcl import status
from . import catalogue

# Configuration byte
LOG_ACTION = const(0x07)
WAN = const(0x08)
HAN = const(0x10)
_NOT_ALLOWED = const(0xA0)  # Zigbee alarm and the reserved bit: always 0

_ROW = const(3)
_CONFIGURATION = const(2)
_GROUP = const(0xFF)  # low byte of a group's id
_CONFIGURABLE = const(0x81)  # the one group that a GSME configures
_EVERY_GROUP = const(0xFF)

_NOT_HELD = status.NOT_FOUND  # state of a row, beside SUCCESS and the status with which the store fails on it


# A byte that GBCS allows: log action none or Event Log, nothing else but WAN, HAN and the alarm (zcl 3.2).
def valid(configuration):
    if configuration & _NOT_ALLOWED:
        return False
    return configuration & LOG_ACTION in (catalogue.NO_LOG, catalogue.EVENT_LOG)


class EventConfiguration:
    def __init__(self):
        self.image = image = bytearray(catalogue.FACTORY_CONFIGURATION)
        self.row_of = {}  # event id: number of its row, held or not
        for at in range(0, len(image), _ROW):
            self.row_of[image[at] | image[at + 1] << 8] = at // _ROW
        self._view = memoryview(self.image)
        self.state = bytearray(len(self.image) // _ROW)  # of each row: SUCCESS, _NOT_HELD or how its store fails
        self.unreadable = False
        self.known = False  # it has been read from storage
        self.selected = None  # what select() found: rows as they are sent
        self._rows = []  # what targets() found: numbers of rows
        self._group = None  # what the group's request finds, until a row changes: (status, rows)

    def reset(self):
        self.image[:] = catalogue.FACTORY_CONFIGURATION
        self.state[:] = bytes(len(self.state))
        self._group = None
        self.unreadable = False

    # Number of a code's row, held or not; -1 for a code that nobody configures.
    def row(self, low, high):
        return self.row_of.get(low | high << 8, -1)

    # SUCCESS, NOT_FOUND for a row that is not held, or why it cannot be read.
    def row_status(self, row):
        if self.unreadable:
            return status.HARDWARE_FAILURE
        return self.state[row]

    def byte(self, row):
        return self.image[row * _ROW + _CONFIGURATION]

    def set_byte(self, row, configuration):
        self.image[row * _ROW + _CONFIGURATION] = configuration
        self._group = None

    # SUCCESS, NOT_FOUND for a row that is not held any more, or the status with which its store fails from now on.
    def set_state(self, row, state):
        self.state[row] = state
        self._group = None

    # Finds the rows held of one event or of a group, for an answer. SUCCESS, NOT_FOUND, or why they cannot be read.
    def select(self, low, high):
        if self.unreadable:
            return status.HARDWARE_FAILURE
        if low == _GROUP:
            return self._select_group() if high in (_CONFIGURABLE, _EVERY_GROUP) else status.NOT_FOUND
        row = self.row(low, high)
        if row < 0:
            return status.NOT_FOUND
        self.selected = self._view[row * _ROW : row * _ROW + _ROW]
        return self.state[row]

    def _select_group(self):
        if self._group is None:
            self._group = self._gather()
        result, self.selected = self._group
        return result

    # (status, rows) of all that is held.
    def _gather(self):
        rows = bytearray()
        for row in range(len(self.state)):
            state = self.state[row]
            if state == status.SUCCESS:
                rows.extend(self._view[row * _ROW : row * _ROW + _ROW])
            elif state != _NOT_HELD:
                return state, None
        return (status.SUCCESS if rows else status.NOT_FOUND), rows

    # --- what a Set reaches: each call adds rows, done() judges them

    def begin_targets(self):
        self._rows.clear()
        self._missing = False

    # One event of a list.
    def target(self, low, high):
        row = self.row(low, high)
        if row < 0 or self.state[row] == _NOT_HELD:
            self._missing = True
        else:
            self._rows.append(row)

    # Every event of a group.
    def target_group(self, low, high):
        if low == _GROUP and high in (_CONFIGURABLE, _EVERY_GROUP):
            self.target_where(0, 0)

    # Every event whose byte, masked, has a value.
    def target_where(self, mask, value):
        for row in range(len(self.state)):
            if self.state[row] == _NOT_HELD:
                continue
            if self.state[row] or self.byte(row) & mask == value:  # one that cannot be read cannot be ruled out
                self._rows.append(row)

    # SUCCESS when all that was named can be set; the store's failure before a code that is not there.
    def targets_status(self):
        if self.unreadable:
            return status.HARDWARE_FAILURE
        for row in self._rows:
            if self.state[row]:
                return self.state[row]
        return status.NOT_FOUND if self._missing or not self._rows else status.SUCCESS

    def set_targets(self, configuration):
        for row in self._rows:
            self.set_byte(row, configuration)
