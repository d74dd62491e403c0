"""What a meter's clock may show, as far as a host knows that sets it and cuts the power."""

from __future__ import annotations

import time
from typing import Final

from host_tests.support.event_logs import FIRST_TIME

_FIRST: Final = int.from_bytes(FIRST_TIME, "little")


class Times:
    """Times in seconds since 2000. A clock that was stopped by a cut shows one time until it is set again."""

    def __init__(self) -> None:
        self._set: tuple[int, float] | None = None
        self._stopped: int | None = None
        self._shown = [range(_FIRST, _FIRST + 1)]

    def begin(self, utc: int, at: float) -> None:
        """The clock was set, at a time of `time.monotonic` or a moment later."""
        self.stop()
        self._set = utc, at

    def stop(self) -> None:
        """The meter was restarted."""
        if self._set:
            self._shown.append(self.now())
        self._set = self._stopped = None

    def now(self) -> range:
        """The times that a clock which runs may show, or have shown since it was set."""
        assert self._set, "the clock is set before its time is asked for"
        utc, at = self._set
        return range(utc, utc + int(time.monotonic() - at) + 2)

    def told(self, utc: int) -> None:
        """The meter dates something; AssertionError where it cannot be that time, as far as is known."""
        if self._set:
            assert utc in self.now(), f"{utc:08X} is not now"
        elif self._stopped is None:
            assert any(utc in shown for shown in self._shown), f"{utc:08X} is no time that was known"
            self._stopped = utc
        else:
            assert utc == self._stopped, f"{utc:08X} by a clock that stands at {self._stopped:08X}"
