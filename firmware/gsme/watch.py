# What is recorded of what went wrong, and how often at most: a flood must not erase the Security Log (MP078-603-27).
#
#   any 7E to an enrolled device             8F3E   one a requester and UTC day
#   any 7E to strangers                      8F3E   one a UTC day, for all together
#   MAC wrong, originator unknown            8F53   one a UTC day, for all together
#   role lacking, MAC right                  8F53   one an originator and UTC day
#   contents not the code's, MAC right       8F1E   one an originator and UTC day
#   more than 100 malformed in an hour       8F60   one a UTC day
#
# While the clock is invalid a day is 24 hours of running time.

from micropython import const

from . import access
from .events import catalogue
from .store.names import MARK
from .zcl import status

_DAY_S = const(86400)
_HOUR_S = const(3600)
_MALFORMED_AN_HOUR = const(100)

# Causes: a requester's EUI64, one of these, or one of these and an originator
_STRANGERS = b"*"
_MALFORMED = b"!"
_UNPROVED = b"?"
_UNAUTHORISED = b"-"
_UNFIT = b"#"

_MOST_MISSED = const(16)
_NO_DAY = const(0xFFFF)  # days since 2000 end at 49710


class Watch:
    # clock: .valid, .day, .running_s; recorder: raise_event(low, high, data) -> status; store: Store
    def __init__(self, clock, recorder, store):
        self._clock = clock
        self._recorder = recorder
        self._store = store
        self._missed = {}  # cause -> code that storage did not take
        self.marks = {}  # cause -> (UTC day or _NO_DAY, running_s) of the last entry
        self._hour_began_s = 0
        self._malformed = 0

    # A 7E has been answered.
    def refused(self, requester):
        if requester.column == access.STRANGER:
            self._once_a_day(_STRANGERS, catalogue.UNAUTHORISED_COMMUNICATION)
        else:
            self._once_a_day(requester.eui64, catalogue.UNAUTHORISED_COMMUNICATION)

    # A message whose MAC or originator proves nothing.
    def unproved(self):
        self._once_a_day(_UNPROVED, catalogue.FAILED_AUTHENTICATION)

    # A message whose originator lacks the role for it.
    def unauthorised(self, originator):
        self._once_a_day(_UNAUTHORISED + originator.eui64, catalogue.FAILED_AUTHENTICATION)

    # A message that carries what its code does not allow.
    def unfit(self, originator):
        self._once_a_day(_UNFIT + originator.eui64, catalogue.INTEGRITY_CHECK_FAILED)

    # A frame or a message could not be made sense of: dropped, or answered 80.
    def malformed(self):
        now_s = self._clock.running_s
        if not self._malformed or now_s - self._hour_began_s >= _HOUR_S:
            self._hour_began_s = now_s
            self._malformed = 0
        self._malformed += 1
        if self._malformed > _MALFORMED_AN_HOUR:
            self._once_a_day(_MALFORMED, catalogue.UNUSUAL_NUMBER_MALFORMED)

    # The entry and its mark are one transaction.
    def _once_a_day(self, cause, code):
        mark = self.marks.get(cause)
        if mark is not None and self._same_day(mark):
            return
        self._forget_old_marks()
        self._store.touch(MARK, cause)
        self.marks[cause] = (self._clock.day if self._clock.valid else _NO_DAY, self._clock.running_s)
        if self._recorder.raise_event(code & 255, code >> 8, b"") != status.SUCCESS:
            self._store.undo()
            if len(self._missed) < _MOST_MISSED:
                self._missed[cause] = code

    def forget(self):
        self.marks.clear()
        self._missed.clear()

    # Call it now and then.
    def retry(self):
        if self._missed and not self._store.status():
            self._once_a_day(*self._missed.popitem())

    # So that there are never more than there were requesters in a day.
    def _forget_old_marks(self):
        for cause in [cause for cause, mark in self.marks.items() if not self._same_day(mark)]:
            del self.marks[cause]

    # By date where both are known, else by running time.
    def _same_day(self, mark):
        day, marked_s = mark
        if self._clock.valid and day != _NO_DAY:
            return day == self._clock.day
        return self._clock.running_s - marked_s < _DAY_S
