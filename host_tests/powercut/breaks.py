"""The journal broken on purpose, each time in another way, and the sweep that must find it bad."""

from __future__ import annotations

from typing import Final, NamedTuple

from host_tests.powercut.sweeps import Options

_JOURNAL: Final = "gsme/store/journal.py"
_STORE: Final = "gsme/store/store.py"

CUTS: Final[Options] = {"part": 0, "parts": 1, "torn": 1, "second": 10, "second_torn": 1}
STARTS: Final[Options] = {"part": 0, "parts": 10, "torn": 0, "second": 1, "second_torn": 0}
TORN: Final[Options] = {"each": 1, "shuffled": 0}
FAULTS: Final[Options] = {"every": 300}


class Break(NamedTuple):
    """`old` stands exactly once in `file`, a path inside firmware/; with `new` in its place the sweep finds faults."""

    name: str
    file: str
    old: str
    new: str
    script: str
    options: Options


def _cuts(name: str, file: str, old: str, new: str) -> Break:
    return Break(name, file, old, new, "cuts", CUTS)


def _faults(name: str, file: str, old: str, new: str) -> Break:
    return Break(name, file, old, new, "faults", FAULTS)


BREAKS: Final = (
    Break(
        "the-check-value-is-skipped",
        _JOURNAL,
        "    return crc32.holds(image, at - _SEQ_LENGTH, at + n + _AROUND_ITEMS)\n",
        "    return True\n",
        "torn",
        TORN,
    ),
    _faults(
        "what-was-programmed-is-not-read-back",
        "gsme/store/flash.py",
        "            if self._chunk_view[0:n] != view[start : start + n]:\n                raise OSError(EIO)\n",
        "",
    ),
    _faults("a-failed-record-is-not-revoked", _JOURNAL, "        if self._revoked:\n", "        if False:\n"),
    _faults(
        "a-failed-change-is-not-undone",
        _STORE,
        "            self._restore(kind, content, 0, len(content))\n        self._added.clear()\n",
        "        self._added.clear()\n",
    ),
    _cuts(
        "a-counter-is-used-before-it-is-reserved",
        "gsme/gbcs/alerts.py",
        "        if self.counter == self.reserved:\n",
        "        if False:\n",
    ),
    _cuts(
        "an-accepted-counter-is-not-kept",
        "gsme/gbcs/mailbox.py",
        "self._device.store.keep(COUNTERS, None, self._count, _purpose(message), message.counter)",
        "self._count(_purpose(message), message.counter)",
    ),
    _cuts(
        "it-is-answered-before-it-is-kept",
        _STORE,
        "            self.undo()\n            return failure\n        return self.commit()\n",
        "            self.undo()\n            return failure\n        self.due = True\n        return status.SUCCESS\n",
    ),
    _cuts(
        "an-alert-is-kept-before-its-entry",
        "gsme/events/recorder.py",
        "        if log_id != catalogue.NO_LOG:\n",
        "        if control & _TO_WAN:\n"
        "            self._alert(low, high, utc, data)\n"
        "            self._store.commit()\n"
        "        if log_id != catalogue.NO_LOG:\n",
    ),
    _cuts(
        "a-copy-is-complete-when-it-begins",
        _JOURNAL,
        "        self._open(self.base, self._flags)\n\n    # The copy is complete",
        "        self._open(self._copy, self._flags)\n\n    # The copy is complete",
    ),
    _cuts(
        "an-older-segment-is-erased-before-the-copy-is-complete",
        _JOURNAL,
        "        self._open(self.base, self._flags)\n\n    # The copy is complete",
        "        self._open(self.base, self._flags)\n"
        "        self._flash.erase(self._block(self.base))\n\n    # The copy is complete",
    ),
    Break(
        "the-base-is-ignored",
        _JOURNAL,
        "        self.base = _number(self.buf, _BASE)\n",
        "        self.base = max(0, self.head - self.segments + 1)\n",
        "cuts",
        STARTS,
    ),
    _cuts(
        "a-start-goes-on-behind-a-torn-record",
        _JOURNAL,
        "            if n == _ERASED and not cut:\n                break\n",
        "            if n == _ERASED:\n                self._at = at\n                break\n",
    ),
    _cuts(
        "the-newest-anchor-is-erased",
        "gsme/store/anchor.py",
        "            self._block = 1 - self._newest_in\n",
        "            self._block = self._newest_in\n",
    ),
)
