# What happens when an event is raised: logged, pushed, or neither, as its configuration says (events.md, Rules).

from micropython import const

from ..zcl import status
from . import catalogue, configuration

# Event control of Publish Event
_TO_HAN = const(0x01)
_TO_WAN = const(0x02)


class Recorder:
    # events: EventConfiguration; logs: Logs; clock: .utc, the last known time while it is invalid
    # store: status(), touch(); publish(log_id, low, high, utc, control, data): tells the HAN
    # alert(low, high, utc, data): tells the WAN
    def __init__(self, events, logs, clock, store, publish, alert):
        self._configuration = events
        self._logs = logs
        self._clock = clock
        self._store = store
        self._publish = publish
        self._alert = alert

    # An event of the device's own.
    def raise_code(self, code, data=b""):
        return self.raise_event(code & 255, code >> 8, data)

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

    def _record(self, log_id, low, high, control, data):
        utc = bytes(self._clock.utc)
        if log_id != catalogue.NO_LOG:
            self._logs.append(log_id, low, high, utc, data)
            self._store.touch()
        self._publish(log_id, low, high, utc, control, data)
        if control & _TO_WAN:
            self._alert(low, high, utc, data)
        return status.SUCCESS

    # Empties the Event Log, which leaves a trace in the Security Log. True when that was done (GBCS CS11).
    def clear_event_log(self):
        if self._store.status():
            return False
        self._logs.event.clear()
        self.raise_code(catalogue.EVENT_LOG_CLEARED)
        return True
