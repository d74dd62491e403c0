"""Which tests prove which clause of MP078, and why a clause is proved in part or not here.

    python -m host_tests.support.trace

prints the matrix as CSV: clause, state, number of tests, what is missing, and the tests by name. A test is counted for
the clauses that its name, or the name of its case, carries: MP078_604_9, or MP078_550_2_3 for two of one issue.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gsme_host.supervisor import ROOT

CLAUSES_OF: Final = {550: 13, 604: 9, 603: 33}  # issue: how many clauses it has
_NAMED: Final = re.compile(r"MP078_(\d{3})((?:_\d+)+)")

_TUNNEL: Final = "comes as a GBCS message through the tunnel, which is not built"
_ROLE: Final = "concerns a device whose role is not built"
_REVIEW: Final = "is a matter of document review"

NOT_HERE: Final[dict[str, str]] = {
    "MP078-550-6": f"{_TUNNEL}: envelope, counter and MAC of the response",
    "MP078-550-7": f"{_TUNNEL}: the wake period in which the response is PUT",
    "MP078-550-12": "is about Parse and Correlate, a host tool that reads the GBCS message",
    "MP078-604-8": f"{_TUNNEL}: the MAC over the corrected bytes",
    **{f"MP078-603-{number}": f"{_ROLE}: ESME" for number in (4, 5, 6)},
    **{f"MP078-603-{number}": f"{_ROLE}: GPF" for number in (7, 8, 9)},
    **{f"MP078-603-{number}": f"{_ROLE}: CHF" for number in (10, 11, 12)},
    "MP078-603-13": f"{_TUNNEL}: CS10b by supplier, network operator and access control broker",
    "MP078-603-15": f"{_ROLE}: CS10b to the GPF",
    "MP078-603-16": "needs DLMS messages, which this firmware does not have: not covered",
    "MP078-603-18": f"{_REVIEW}: the meter's own display is no HAN device",
    "MP078-603-25": f"{_TUNNEL}: CS10b with a wrong MAC",
    "MP078-603-28": f"{_TUNNEL}: CS10b from an originator without a reading role",
}
PARTLY: Final[dict[str, str]] = {  # proved by tests, and what these leave open
    "MP078-550-1": f"{_TUNNEL}: one command with all 44; on the HAN they take two",
    "MP078-550-2": f"{_TUNNEL}: here the Default Response itself",
    "MP078-550-3": f"{_TUNNEL}: here the Default Response itself",
    "MP078-550-4": f"{_TUNNEL}: here the Default Response itself",
    "MP078-550-8": f"{_TUNNEL}: counters of the originator",
    "MP078-604-5": f"{_TUNNEL}: the answer 0B FF 01 to the components behind a failed one",
    "MP078-604-7": f"{_REVIEW}: the list of known errors in published vectors",
    "MP078-603-17": "PCS01 and PCS02 are not covered: no Prepayment cluster, keys unpublished",
    "MP078-603-24": f"{_ROLE}: GPF; here the meter, which has no copies",
    "MP078-603-27": f"{_TUNNEL}: read back by CS10b; flash writes are seen in the simulator's storage only",
    "MP078-603-29": f"{_TUNNEL}: GCS20; here the same command on the HAN",
}


@dataclass(frozen=True)
class Row:
    """A clause. `missing` is empty where the tests prove all of it."""

    clause: str
    tests: tuple[str, ...]
    missing: str

    @property
    def state(self) -> str:
        """In one word."""
        if not self.tests:
            return "not here" if self.missing else "unproved"
        return "partly" if self.missing else "proved"


def clauses() -> list[str]:
    """All ids, in order."""
    return [f"MP078-{issue}-{number}" for issue, most in CLAUSES_OF.items() for number in range(1, most + 1)]


def clauses_in(name: str) -> list[str]:
    """The clauses that a test's name carries, known or not."""
    found = _NAMED.findall(name)
    return [f"MP078-{issue}-{number}" for issue, numbers in found for number in numbers.strip("_").split("_")]


def matrix(tests: Iterable[str]) -> list[Row]:
    """A row a clause, and one for each that a test names and that there is not."""
    proofs: dict[str, list[str]] = {clause: [] for clause in clauses()}
    for test in tests:
        for clause in clauses_in(test):
            proofs.setdefault(clause, []).append(test)
    missing = {**NOT_HERE, **PARTLY}
    return [Row(clause, tuple(found), missing.get(clause, "")) for clause, found in proofs.items()]


def collected() -> list[str]:
    """The names of all tests of the suite, cases included, as pytest collects them; RuntimeError if it cannot."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--sources", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, "host_tests"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the suite cannot be collected:\n{done.stdout[-1000:]}")
    return [line for line in done.stdout.splitlines() if "::" in line]


def main() -> int:
    """The program; returns its exit status: 1 where a clause is neither proved nor accounted for."""
    rows = matrix(collected())
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("clause", "state", "number of tests", "what is missing", "tests"))
    for row in rows:
        names = sorted({test.partition("[")[0] for test in row.tests})
        table.writerow((row.clause, row.state, len(row.tests), row.missing, " ".join(names)))
    return 1 if any(row.state == "unproved" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
