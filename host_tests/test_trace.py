"""Every clause of MP078 is proved by a test of this suite, or listed with the reason why it is not.

Source: the ids MP078-550-1 to -13, MP078-604-1 to -9 and MP078-603-1 to -33. The matrix is data: `python -m
host_tests.support.trace` prints it. What a pass does not prove: that a test which carries an id does prove the clause.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

import pytest

from host_tests.support import trace
from host_tests.support.trace import NOT_HERE, PARTLY, Row, clauses, clauses_in, collected, matrix

CLAUSES: Final = 55

NAMES: Final = [  # a test's name, the clauses that it carries
    ("test_x.py::test_MP078_604_9_a_host", ["MP078-604-9"]),
    ("test_x.py::test_MP078_550_2_3_nothing", ["MP078-550-2", "MP078-550-3"]),
    ("test_x.py::test_steps[MP078_603_33 ESME]", ["MP078-603-33"]),
    ("test_x.py::test_MP078_550_steps[MP078_550_10 cut short]", ["MP078-550-10"]),
    ("test_mp078_604.py::test_interview", []),
]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    """The matrix of the suite as it is now, by clause."""
    return {row.clause: row for row in matrix(collected())}


@pytest.mark.parametrize(("name", "carried"), NAMES, ids=[" ".join(carried) or "none" for _, carried in NAMES])
def test_names_carry_clauses(name: str, carried: list[str]) -> None:
    assert clauses_in(name) == carried


def test_every_clause_is_accounted_for(rows: dict[str, Row]) -> None:
    """Proved, partly proved with what is missing, or not here; and none that there is not."""
    assert list(rows) == clauses()
    assert len(rows) == CLAUSES
    states = {clause: row.state for clause, row in rows.items()}
    assert [clause for clause, state in states.items() if state == "unproved"] == []
    counts = {state: list(states.values()).count(state) for state in sorted(set(states.values()))}
    print(", ".join(f"{number} {state}" for state, number in counts.items()))


def test_the_reasons_are_not_out_of_date(rows: dict[str, Row]) -> None:
    """No reason for a clause that has a test, none for a part of one that has no test, none for an unknown one."""
    assert [clause for clause in NOT_HERE if rows[clause].tests] == []
    assert [clause for clause in PARTLY if not rows[clause].tests] == []
    assert not NOT_HERE.keys() & PARTLY.keys()


def test_the_matrix_is_printed_as_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """CSV with a row a clause; the exit status tells of a clause that nobody accounts for."""
    monkeypatch.setattr(
        trace, "collected", lambda: ["test_x.py::test_MP078_604_1_a[b]", "test_x.py::test_MP078_604_1_a[c]"]
    )
    assert trace.main() == 1
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(table) == CLAUSES + 1
    assert ["MP078-604-1", "proved", "2", "", "test_x.py::test_MP078_604_1_a"] in table
    assert ["MP078-604-2", "unproved", "0", "", ""] in table


def test_a_clause_that_there_is_not_is_noticed() -> None:
    """A slip in a name adds a row, which no list of clauses has."""
    extra = {row.clause for row in matrix(["test_x.py::test_MP078_604_10_a"])} - set(clauses())
    assert extra == {"MP078-604-10"}
    assert all(re.fullmatch(r"MP078-\d{3}-\d{1,2}", clause) for clause in clauses())
