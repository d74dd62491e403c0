"""Fifteen years of a meter's life: python -m host_tests.life [YEARS]."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from gsme_host.build import build
from host_tests.life import years

SERVICE_YEARS = 15


def main() -> int:
    """Prints a line a year; returns the exit status."""
    parser = argparse.ArgumentParser(description="Let a meter live for years and count what its flash bears.")
    parser.add_argument("years", nargs="?", type=int, default=SERVICE_YEARS)
    days = parser.parse_args().years * years.DAYS
    hottest = 0.0
    with tempfile.TemporaryDirectory(prefix="gsme-life-") as folder:
        build(Path(folder))
        for year in years.live(Path(folder), days):
            hottest = max(hottest, years.erases_a_year(year))
            sys.stdout.write(f"life: {years.told(year)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"life: {days} days, the hottest block {hottest:.0f} erases in its worst year\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
