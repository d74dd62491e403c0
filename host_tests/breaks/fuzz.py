"""What the fuzzer is there for: a length that nobody looks at, a way round a right, memory that is not given back."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_TEST: Final = "host_tests/fuzz/test_fuzz.py::test_fuzz[fixed]"

_DROPPED: Final = """        if end - start < _SHORTEST_BODY or not crc32.holds(buf, start, end):
            self.dropped += 1
"""

BREAKS: Final = (
    Break(
        "a-zdo-request-may-be-cut-short",
        "gsme/clusters/zdo.py",
        "        elif len(asdu) < 1 + row[0]:\n            answer = _MALFORMED\n",
        "",
        _TEST,
    ),
    Break(
        "a-component-may-have-no-header",
        "gsme/gbcs/gbz.py",
        "return start + _ZCL_HEADER <= self.end <= len(p)",
        "return self.end <= len(p)",
        _TEST,
    ),
    Break(
        "a-reportable-change-may-be-cut-short",
        "gsme/zcl/reporting.py",
        "return n if n >= _SENDS_RECORD else 0",
        "return n",
        _TEST,
    ),
    Break(
        "log-0-is-both-logs-for-everybody",
        "gsme/clusters/events.py",
        "            if access.may(column, self.behaviour.security_log_right):\n",
        "            if True:\n",
        _TEST,
    ),
    Break(
        "dropped-frames-are-kept",
        "gsme/link.py",
        _DROPPED,
        _DROPPED + '            self.kept = getattr(self, "kept", ()) + (bytes(4),)\n',
        _TEST,
    ),
)
