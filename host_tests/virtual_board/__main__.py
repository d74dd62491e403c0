"""Runs the suite on virtual boards, each deployed to as a board is, all in parallel: `make virtual`.

What follows on the command line goes to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from gsme_host.supervisor import ROOT
from gsme_host.virtual.running import NAME, RunningBoard

GSME: Final = Path(sys.executable).with_name("gsme")
BOARDS: Final = "GSME_VIRTUAL_BOARDS"  # environment: how many
RESULTS: Final = ROOT / "build" / "evidence" / f"{NAME}.json"
A_CORE: Final = 2  # about half of its time a worker waits for its board


def main(arguments: list[str]) -> int:
    """Returns pytest's status, or 1 where a board cannot be deployed to."""
    number = int(os.environ.get(BOARDS) or A_CORE * (os.cpu_count() or 1))
    with ExitStack() as boards:
        ports = [boards.enter_context(RunningBoard()).port for _ in range(number)]
        began = time.monotonic()
        at_work = [_deploy(port) for port in ports]
        if sum(deploying.wait() for deploying in at_work):
            return 1
        sys.stdout.write(f"deployed to {number} boards in {time.monotonic() - began:.1f} s\n")
        sys.stdout.flush()
        named = [f"--port={port}" for port in ports] + ([] if number == 1 else ["-n", "auto"])
        command = [sys.executable, "-m", "pytest", "--bench-only", f"--results={RESULTS}", *named, *arguments]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


def _deploy(port: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([GSME, "deploy", "--board", NAME, "--port", port, "--quiet"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
