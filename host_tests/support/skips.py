"""Which skips a run may have: where all is installed (GSME_CI=1) only for want of a board, or of published data."""

from __future__ import annotations

import os
from typing import Final

import pytest

STRICT: Final = "GSME_CI"  # environment
EXCUSED: Final = ("needs a real board", "RTDS data not found", "needs a simulated meter")


def excused(reason: str) -> bool:
    """Whether a test may be skipped for that reason in this run."""
    return os.environ.get(STRICT) != "1" or any(reason.startswith(words) for words in EXCUSED)


def reason(report: pytest.TestReport) -> str:
    """Why a test was skipped, in its own words."""
    return report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else str(report.longrepr)
