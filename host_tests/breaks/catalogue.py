"""The breaks: where the firmware is broken, how, and which test must fail."""

from __future__ import annotations

from typing import Final, NamedTuple


class Break(NamedTuple):
    """`old` stands exactly once in `file`, a path inside firmware/; with `new` in its place `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


_604: Final = "host_tests/test_mp078_604.py"

BREAKS: Final = (
    Break(
        "mp078-is-the-draft",
        "gsme/behaviour.py",
        "(CORRECTED, access.READ_SECURITY_LOG)",
        "(UNCORRECTED, access.READ_SECURITY_LOG)",
        f"{_604}::test_MP078_604_steps",
    ),
    Break(
        "default-response-keeps-direction",
        "gsme/zcl/frame.py",
        "self.direction = ~asdu[0] & SERVER_TO_CLIENT",
        "self.direction = asdu[0] & SERVER_TO_CLIENT",
        f"{_604}::test_MP078_604_steps",
    ),
)
