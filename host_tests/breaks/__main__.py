"""Breaks the firmware place by place and sees the named test fail.

    python -m host_tests.breaks [NAME...]

Each break is applied to a copy of firmware/. A break that no longer applies, or whose test passes all the same, is a
fault: exit status 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from gsme_host.supervisor import FIRMWARE, ROOT
from host_tests.breaks.catalogue import BREAKS
from host_tests.breaks.row import Break

FAILED: Final = 1  # pytest: tests were run and some failed
COUNTED: Final = re.compile(r"\b\d+ (failed|error)")  # an error: what is judged when a test is over was wrong
TIMEOUT_S: Final = 120  # a meter that never comes to an end of it fails too


def apply(broken: Break, firmware: Path) -> None:
    """Breaks a copy of the firmware; ValueError where the text to be replaced is not there exactly once."""
    path = firmware / broken.file
    text = path.read_text(encoding="utf-8")
    if text.count(broken.old) != 1:
        raise ValueError(f"the text to be replaced is in {broken.file} {text.count(broken.old)} times")
    path.write_text(text.replace(broken.old, broken.new), encoding="utf-8")


def fault(broken: Break) -> str:
    """What is wrong with a break: empty if its test fails as it must."""
    with tempfile.TemporaryDirectory(prefix="gsme-break-") as folder:
        firmware = Path(folder) / "firmware"
        shutil.copytree(FIRMWARE, firmware, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            apply(broken, firmware)
        except ValueError as error:
            return str(error)
        try:
            return _judged(broken, _run(broken, firmware))
        except subprocess.TimeoutExpired:
            return ""


def _run(broken: Break, firmware: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--firmware", str(firmware)]
    return subprocess.run(
        [*command, broken.test], cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )


def _judged(broken: Break, done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode == FAILED and COUNTED.search(done.stdout):
        return ""
    last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1:]
    return f"{broken.test} did not fail: {' '.join(last)}"


def run(breaks: Iterable[Break]) -> int:
    """Tries all breaks, as many at a time as there are processors; returns how many are at fault."""
    faults = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        chosen = list(breaks)
        for broken, why in zip(chosen, pool.map(fault, chosen), strict=True):
            sys.stdout.write(f"{'FAULT ' if why else 'caught'}  {broken.name}  {why or broken.test}\n")
            faults += bool(why)
    sys.stdout.write(f"{len(chosen)} breaks, {len(chosen) - faults} caught, {faults} at fault\n")
    return faults


def main() -> int:
    """The program; returns its exit status."""
    parser = argparse.ArgumentParser(description="Break the firmware on purpose and see tests fail.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="breaks to try; all if none is named")
    names = parser.parse_args().names
    unknown = set(names) - {broken.name for broken in BREAKS}
    if unknown:
        parser.error(f"no such break: {', '.join(sorted(unknown))}")
    return 1 if run(broken for broken in BREAKS if not names or broken.name in names) else 0


if __name__ == "__main__":
    sys.exit(main())
