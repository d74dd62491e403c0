"""Whether what came back is what a case of mutations.py or sweeps.py wants."""

from collections.abc import Sequence
from typing import Final

from host_tests.judges.direction import header_faults
from host_tests.judges.frames import header_of
from host_tests.judges.mutations import MALFORMED_COMMAND, Case, Expect
from host_tests.judges.zcl_oracle import judge

_NO_ANSWER: Final = (Expect.DROPPED, Expect.SILENT)


def complaint(case: Case, answers: Sequence[bytes], base: Sequence[bytes] = ()) -> str:
    """What is wrong with the answers to `case.asdu`, one line; empty if nothing is.

    `base` are the answers to `case.base` under the same sequence number, needed where the case expects the SAME.
    """
    fault = _fault(case, answers, base)
    came = " | ".join(answer.hex(" ") for answer in answers) or "nothing"
    return f"{case.name} [{case.asdu.hex(' ')}] wants {case.expect.value}, got {came}: {fault}" if fault else ""


def _fault(case: Case, answers: Sequence[bytes], base: Sequence[bytes]) -> str:
    if case.expect in _NO_ANSWER:
        return "answered" if answers else ""
    if not answers:
        return "not answered"
    if case.expect is Expect.SAME:
        return "" if list(answers) == list(base) else f"the unchanged frame got {[part.hex(' ') for part in base]}"
    if case.expect is Expect.STATUS:
        return _status_fault(case, answers)
    if case.expect is Expect.RECORD:
        return _record_fault(case, answers)
    malformed = judge(case.cluster, answers[0]).status == MALFORMED_COMMAND
    return "called malformed" if malformed and case.expect is Expect.SERVED else ""


def _status_fault(case: Case, answers: Sequence[bytes]) -> str:
    asked, header = header_of(case.asdu), header_of(answers[0])
    if asked is None or header is None or len(answers) > 1:
        return "not one answer to one frame"
    if judge(case.cluster, answers[0]).status != case.status:
        return f"not a Default Response {case.status:02X}"
    return ", ".join(header_faults(asked, header))


def _record_fault(case: Case, answers: Sequence[bytes]) -> str:
    """Read and Write Attributes Response: every record has the status, or the one byte that says that all is well."""
    records = judge(case.cluster, answers[0]).fields.get("status_records", [])
    statuses = {record["status"] for record in records}
    return "" if len(answers) == 1 and statuses == {case.status} else f"not {case.status:02X} in every record"
