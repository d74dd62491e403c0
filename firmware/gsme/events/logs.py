# The Event Log and the Security Log: 100 entries each, the oldest gives way (GBCS; SMETS).
#
# An entry is kept as it is sent: log id u8, event id u16, time UTC, data octstr. Order is order of entry,
# over both logs, whatever the times say.

from array import array

from micropython import const

from ..zcl import status
from . import catalogue

ENTRIES = const(100)
_SLOT = const(24)
MINIMAL = const(8)  # length of an entry without data
_TIME = const(3)
_DATA = const(7)
LONGEST_DATA = const(16)

START_OF_TIME = b"\x00\x00\x00\x00"


# True when the UTC time a[i:i + 4] is before b[j:j + 4], both little-endian.
def before(a, i, b, j):
    for k in (3, 2, 1, 0):
        if a[i + k] != b[j + k]:
            return a[i + k] < b[j + k]
    return False


# FFFFFFFE and FFFFFFFF: no end.
def _endless(end):
    return end[0] >= 0xFE and end[1] == end[2] == end[3] == 0xFF


class Log:
    def __init__(self, log_id):
        self.id = log_id
        self.image = bytearray(ENTRIES * _SLOT)
        self._view = memoryview(self.image)
        self.orders = array("I", bytes(4 * ENTRIES))
        self.next = 0  # slot of the next entry
        self.count = 0
        self.unreadable = False

    def clear(self):
        self.next = 0
        self.count = 0

    def append(self, low, high, utc, data, order):
        at = self.next * _SLOT
        image = self.image
        image[at] = self.id
        image[at + 1] = low
        image[at + 2] = high
        image[at + _TIME : at + _TIME + 4] = utc
        image[at + _DATA] = len(data)
        image[at + MINIMAL : at + MINIMAL + len(data)] = data
        self.orders[self.next] = order
        self.next = (self.next + 1) % ENTRIES
        if self.count < ENTRIES:
            self.count += 1

    # Slot of the entry that is n entries older than the newest.
    def slot(self, n):
        return (self.next - 1 - n) % ENTRIES

    # The entry as it is sent.
    def entry(self, slot):
        at = slot * _SLOT
        return self._view[at : at + MINIMAL + self.image[at + _DATA]]

    def matches(self, slot, query):
        at = slot * _SLOT
        image = self.image
        if query.low | query.high and (image[at + 1] != query.low or image[at + 2] != query.high):
            return False
        if before(image, at + _TIME, query.start, 0):
            return False
        if _endless(query.end):
            return True
        if query.end_included:
            return not before(query.end, 0, image, at + _TIME)
        return before(image, at + _TIME, query.end, 0)


# What to look for. Order of the answer and end of the window differ (HAN: newest first, end excluded; GBZ: oldest
# first, end included).
class Query:
    def __init__(self, low, high, start, end, remote):
        self.low = low  # event id; both bytes 0: any
        self.high = high
        self.start = start
        self.end = end
        self.end_included = remote
        self.oldest_first = remote


class Logs:
    def __init__(self):
        self.event = Log(catalogue.EVENT_LOG)
        self.security = Log(catalogue.SECURITY_LOG)
        self.order = 0  # of the newest entry

    def of(self, log_id):
        return self.event if log_id == catalogue.EVENT_LOG else self.security

    def append(self, log_id, low, high, utc, data):
        self.order += 1
        self.of(log_id).append(low, high, utc, data, self.order)

    # The entries of the given logs that match, as a list of memoryviews in the order of the answer.
    def search(self, logs, query):
        found = []
        depth = [0] * len(logs)
        while True:
            log = self._newest(logs, depth)
            if log is None:
                break
            slot = log.slot(depth[logs.index(log)])
            depth[logs.index(log)] += 1
            if log.matches(slot, query):
                found.append(log.entry(slot))
        if query.oldest_first:
            found.reverse()
        return found

    # The log whose next older entry came last; None when all have been seen.
    def _newest(self, logs, depth):
        newest = None
        order = 0
        for i in range(len(logs)):
            log = logs[i]
            if depth[i] < log.count and log.orders[log.slot(depth[i])] > order:
                newest = log
                order = log.orders[log.slot(depth[i])]
        return newest

    def status(self, logs):
        for log in logs:
            if log.unreadable:
                return status.HARDWARE_FAILURE
        return status.SUCCESS
