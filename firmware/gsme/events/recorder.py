# What happens when an event is raised: logged, pushed, or neither, as its configuration says (events.md, Rules).

from micropython import const

from ..store.names import CLOCK, EVENT_ENTRY, LOG_BOUNDS, SECURITY_ENTRY
from ..zcl import status
from . import catalogue, configuration

# Event control of Publish Event
_TO_HAN = const(0x01)
_TO_WAN = const(0x02)


_MOST_MISSED = const(16)

_LOG_KIND = {catalogue.EVENT_LOG: EVENT_ENTRY, catalogue.SECURITY_LOG: SECURITY_ENTRY}


class Recorder:
    # events: EventConfiguration; logs: Logs; clock: .utc, the last known time while it is invalid
    # store: Store; publish(log_id, low, high, utc, control, data): tells the HAN
    # alert(low, high, utc, data): queues for the WAN; kept(log_id): an entry has been kept
    def __init__(self, events, logs, clock, store, publish, alert, kept):
        self._configuration = events
        self._logs = logs
        self._clock = clock
        self._store = store
        self._publish = publish
        self._alert = alert
        self._kept = kept
        self.untold = []  # what tell() tells
        self._missed = []  # (code, data) of events that storage did not take
        self.dropped = 0  # of those

    # An event of the device's own. Where storage does not work it is raised when it does.
    def raise_code(self, code, data=b""):
        result = self.raise_event(code & 255, code >> 8, data)
        if result not in (status.SUCCESS, status.NOT_FOUND) and self._store.status():
            self.miss(code, data)
        return result

    # Raises it as soon as storage works.
    def miss(self, code, data=b""):
        event = (code, data)
        if event in self._missed:
            return
        if len(self._missed) < _MOST_MISSED:
            self._missed.append(event)
        else:
            self.dropped += 1

    def forget(self):
        self._missed.clear()

    # Call it now and then.
    def retry(self):
        if self._missed and not self._store.status():
            self.raise_code(*self._missed.pop(0))

    # Returns SUCCESS, NOT_FOUND for an unknown code or one whose configuration is not held, or the store's failure.
    def raise_event(self, low, high, data):
        failure = self._store.status()
        if catalogue.is_critical(low, high):
            return failure or self._raise_critical(low, data)
        row = self._configuration.row(low, high)
        if row < 0:
            return status.NOT_FOUND
        failure = self._configuration.row_status(row) or failure
        return failure or self._raise_configured(low, high, self._configuration.byte(row), data)

    def _raise_critical(self, low, data):
        log_id = catalogue.log_of(low)
        if log_id == catalogue.SECURITY_LOG:
            data = b""
        control = _TO_WAN if catalogue.is_alert(low) else 0
        return self._record(log_id, low, catalogue.CRITICAL, control, data)

    def _raise_configured(self, low, high, byte, data):
        control = (_TO_HAN if byte & configuration.HAN else 0) | (_TO_WAN if byte & configuration.WAN else 0)
        return self._record(byte & configuration.LOG_ACTION, low, high, control, data)

    # In one transaction: the entry, the alert, and what the caller has touched. Nobody hears of it before it is kept.
    def _record(self, log_id, low, high, control, data):
        utc = bytes(self._clock.utc)
        if log_id != catalogue.NO_LOG:
            self._store.add(_LOG_KIND[log_id], self._logs.prepare(log_id, low, high, utc, data))
            self._store.note(CLOCK)
        if control & _TO_WAN:
            self._alert(low, high, utc, data)
        failure = self._store.commit()
        if failure:
            return failure
        self._kept(log_id)
        self.untold.append((log_id, low, high, utc, control, data))
        return status.SUCCESS

    # Tells the HAN of what has been raised. Behind the answer to what raised it, which must not wait for it.
    def tell(self):
        while self.untold:
            self._publish(*self.untold.pop(0))

    # Empties the Event Log, which leaves a trace in the Security Log, in one transaction. True when that was done (GBCS
    # CS11).
    def clear_event_log(self):
        if self._store.status():
            return False
        self._store.touch(LOG_BOUNDS)
        self._logs.event.clear()
        return self.raise_event(catalogue.EVENT_LOG_CLEARED & 255, catalogue.CRITICAL, b"") == status.SUCCESS
