# The Event Log and the Security Log: 100 entries each, the oldest gives way (GBCS; SMETS).
#
# An entry is kept as it is sent: log id u8, event id u16, time UTC, data octstr. The entries of a log are numbered from
# 0 on, for ever; those from first to next are in it. Order is order of entry, over both logs, whatever the times say.

from array import array
from struct import pack

from micropython import const

from ..zcl import status
from . import catalogue
from .chain import TAG, Chain

ENTRIES = const(100)
_SLOT = const(24)
MINIMAL = const(8)  # length of an entry without data
_TIME = const(3)
_DATA = const(7)
LONGEST_DATA = const(16)

_ENTRY_HEAD = "<II"  # number, order
_HEAD = const(8)
_OF_SECURITY_LOG = const(0x80)  # beside a slot
_ORDER = const(4)


# True when the UTC time a[i:i + 4] is before b[j:j + 4], both little-endian.
def before(a, i, b, j):
    for k in (3, 2, 1, 0):
        if a[i + k] != b[j + k]:
            return a[i + k] < b[j + k]
    return False


def _number(buf, at):
    return buf[at] | buf[at + 1] << 8 | buf[at + 2] << 16 | buf[at + 3] << 24


def _copy(source, at, target, to, count):
    for i in range(count):
        target[to + i] = source[at + i]


# FFFFFFFE and FFFFFFFF: no end.
def _endless(end):
    return end[0] >= 0xFE and end[1] == end[2] == end[3] == 0xFF


class Log:
    def __init__(self, log_id):
        self.id = log_id
        self.image = bytearray(ENTRIES * _SLOT)
        self._view = memoryview(self.image)
        self.orders = array("I", bytes(4 * ENTRIES))
        self._numbers = array("I", bytes(4 * ENTRIES))  # plus 1, of what is in each slot
        self.tags = bytearray(ENTRIES * TAG)  # of the Security Log's chain
        self.first = 0  # number of the oldest entry
        self.next = 0  # number of the next one
        self.unreadable = False

    def clear(self):
        self.first = self.next

    def bound(self, first, following):
        self.first = first
        self.next = following

    # The entry buf[at:end] becomes that number.
    def put(self, number, order, buf, at, end):
        slot = number % ENTRIES
        _copy(buf, at, self.image, slot * _SLOT, end - at)
        self.orders[slot] = order
        self._numbers[slot] = number + 1
        if number >= self.next:
            self.next = number + 1
            if self.first < self.next - ENTRIES:
                self.first = self.next - ENTRIES

    # The slot of an entry by its number; -1 for one that was cleared, overwritten or lost.
    def slot(self, number):
        slot = number % ENTRIES
        return slot if self.first <= number < self.next and self._numbers[slot] == number + 1 else -1

    # Entries that can be read.
    def count(self):
        return sum([self.slot(number) >= 0 for number in range(self.first, self.next)])

    def tag(self, slot):
        return self.tags[slot * TAG : slot * TAG + TAG]

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
        self.chain = Chain()
        self.tag = bytearray(TAG)  # of the newest entry of the Security Log
        self.tag_before_first = bytearray(TAG)  # of the last one that has left it
        self.order = 0  # of the newest entry
        self._found = bytearray(2 * ENTRIES)  # slots, see search()

    def of(self, log_id):
        return self.event if log_id == catalogue.EVENT_LOG else self.security

    def clear_security(self):
        self.security.clear()
        self.tag_before_first[:] = self.tag

    # Whether the Security Log had more entries, which are not there any more.
    def missing(self, newest):
        return self.security.next < newest

    # What is missing stays missing: the chain goes on behind it.
    def continue_behind(self, newest, tag):
        self.security.bound(max(self.security.first, newest - ENTRIES), newest)
        self.tag[:] = tag

    # What is kept of a new entry, see put(). The log takes it when that is kept.
    def prepare(self, log_id, low, high, utc, data):
        log = self.of(log_id)
        entry = bytes((log_id, low, high)) + utc + bytes((len(data),)) + data
        head = pack(_ENTRY_HEAD, log.next, self.order + 1)
        if log_id == catalogue.SECURITY_LOG:
            head += self.chain.tag(self.tag, head, entry)
        return head + entry

    # What is kept of an entry that a log has; None for one that it has not.
    def kept(self, log, number):
        slot = log.slot(number)
        if slot < 0:
            return None
        tag = log.tag(slot) if log is self.security else b""
        return pack(_ENTRY_HEAD, number, log.orders[slot]) + tag + log.entry(slot)

    # buf[at:end] is number u32, order u32, for the Security Log a tag, then the entry.
    def put(self, log, buf, at, end):
        order = _number(buf, at + _ORDER)
        if order > self.order:
            self.order = order
        if log is self.security:
            self._put_tag(_number(buf, at), buf, at + _HEAD)
            log.put(_number(buf, at), order, buf, at + _HEAD + TAG, end)
        else:
            log.put(_number(buf, at), order, buf, at + _HEAD, end)

    def _put_tag(self, number, buf, at):
        tags = self.security.tags
        to = number % ENTRIES * TAG
        if self.security.slot(number - ENTRIES) >= 0:
            _copy(tags, to, self.tag_before_first, 0, TAG)
        _copy(buf, at, tags, to, TAG)
        if number >= self.security.next:
            _copy(buf, at, self.tag, 0, TAG)

    # Finds the entries of the given logs that match, in the order of the answer. Returns how many there are.
    def search(self, logs, query):
        found = self._found
        count = 0
        numbers = [log.next - 1 for log in logs]  # the next to look at
        while True:
            i = self._newest(logs, numbers)
            if i < 0:
                break
            log = logs[i]
            slot = log.slot(numbers[i])
            numbers[i] -= 1
            if log.matches(slot, query):
                found[count] = slot if log is self.event else slot | _OF_SECURITY_LOG
                count += 1
        if query.oldest_first:
            for i in range(count // 2):
                found[i], found[count - 1 - i] = found[count - 1 - i], found[i]
        return count

    # The entry at that place of what search() found, as it is sent.
    def found(self, i):
        log = self.security if self._found[i] & _OF_SECURITY_LOG else self.event
        return log.entry(self._found[i] & ~_OF_SECURITY_LOG)

    # Which of the logs has the entry that came last; -1 when all have been seen.
    def _newest(self, logs, numbers):
        newest = -1
        order = 0
        for i in range(len(logs)):
            log = logs[i]
            while numbers[i] >= log.first and log.slot(numbers[i]) < 0:
                numbers[i] -= 1
            if numbers[i] >= log.first and log.orders[log.slot(numbers[i])] > order:
                newest = i
                order = log.orders[log.slot(numbers[i])]
        return newest

    def status(self, logs):
        for log in logs:
            if log.unreadable:
                return status.HARDWARE_FAILURE
        return status.SUCCESS
