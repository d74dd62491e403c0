"""A case is content with what it wants and with nothing else."""

import pytest

from host_tests.judges.meter_map import Side
from host_tests.judges.mutations import Case, Expect
from host_tests.judges.outcome import complaint

MALFORMED = "08 00 0B 00 80"
READ = "08 00 01 EFBE 86"


def case(expect: Expect, status: int = 0) -> Case:
    """A read of an attribute that nobody has."""
    frame = bytes.fromhex("00 00 00 EFBE")
    return Case("READ_ATTRIBUTES", "A_CASE", 0x0702, Side.SERVER, frame, expect, status, frame)


OUTCOMES = [  # what is wanted, status, answers, whether that is right
    (Expect.DROPPED, 0, [], True),
    (Expect.DROPPED, 0, [MALFORMED], False),
    (Expect.SILENT, 0, [], True),
    (Expect.SILENT, 0, [READ], False),
    (Expect.STATUS, 0x80, [MALFORMED], True),
    (Expect.STATUS, 0x82, [MALFORMED], False),
    (Expect.STATUS, 0x80, ["00 00 0B 00 80"], False),
    (Expect.STATUS, 0x80, [MALFORMED, MALFORMED], False),
    (Expect.STATUS, 0x80, [], False),
    (Expect.SERVED, 0, [READ], True),
    (Expect.SERVED, 0, ["08 00 0B 00 8B"], True),
    (Expect.SERVED, 0, [MALFORMED], False),
    (Expect.CLEAR, 0, [MALFORMED], True),
    (Expect.CLEAR, 0, [], False),
    (Expect.RECORD, 0x86, [READ], True),
    (Expect.RECORD, 0x86, ["08 00 01 EFBE 86 0000 00 20 01"], False),
    (Expect.RECORD, 0x8D, ["08 00 04 8D EFBE"], True),
    (Expect.RECORD, 0x00, ["08 00 04 00"], True),
    (Expect.SAME, 0, [READ], True),
    (Expect.SAME, 0, [MALFORMED], False),
]


@pytest.mark.parametrize(("expect", "status", "answers", "right"), OUTCOMES)
def test_outcomes(expect: Expect, status: int, answers: list[str], right: bool) -> None:
    """Every kind of expectation, met and not met."""
    base = [bytes.fromhex(READ)]
    told = complaint(case(expect, status), [bytes.fromhex(answer) for answer in answers], base)
    assert (not told) is right, told
    assert right or told.startswith("0702-SERVER/READ_ATTRIBUTES/A_CASE [")


def test_same_compares_every_answer() -> None:
    """One command of several missing is another answer."""
    two = [bytes.fromhex(READ), bytes.fromhex(MALFORMED)]
    assert complaint(case(Expect.SAME), two[:1], two)
    assert not complaint(case(Expect.SAME), two, two)
