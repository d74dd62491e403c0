"""The meter's dispatcher, asked by remote parties: steps that go to on_device/remote.py, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from host_tests.unit.script import Scripts

MODULE: Final = "remote"
SUPPLIER: Final = "SUPPLIER"
NETWORK_OPERATOR: Final = "NETWORK_OPERATOR"
BROKER: Final = "ACCESS_CONTROL_BROKER"
ROLES: Final = (SUPPLIER, NETWORK_OPERATOR, BROKER)
NO_BYTES: Final = "-"
NO_END: Final = 0xFFFFFFFE
T0: Final = 0x1C35F900  # 2014-12-31T00:00:00Z


@dataclass(frozen=True)
class Step:
    """One step. `expected` are the frames that must answer, hex; None where the step asks nothing."""

    line: str
    expected: tuple[str, ...] | None = None
    words: str = ""


def by(*roles: str) -> Step:
    """From now on a party with these roles asks."""
    return Step(f"as {' '.join(roles)}")


def at(seconds: int) -> Step:
    """Sets the clock to so many seconds behind T0."""
    return Step(f"clock {_u32(T0 + seconds)}")


def event(code: int, data: str = "") -> Step:
    """Raises an event."""
    return Step(f"raise {code:04X} {data.replace(' ', '') or NO_BYTES}")


def fault(faults: int) -> Step:
    """Injects faults, by the bench's map."""
    return Step(f"fault {faults:02X}")


def ask(cluster: int, frame: str, *expected: str, words: str = "") -> Step:
    """Asks; `expected` in order, hex with spaces."""
    return Step(f"ask {cluster:04X} {_tight(frame)}", tuple(_tight(answer) for answer in expected), words)


def run(scripts: Scripts, *steps: Step) -> list[list[bytes]]:
    """Takes the steps with one meter; AssertionError where an answer is another. Returns the answers, by question."""
    lines = scripts.run(MODULE, "".join(step.line + "\n" for step in steps))
    assert len(lines) == len(steps)
    for step, line in zip(steps, lines, strict=True):
        if step.expected is not None:
            assert tuple(line.split()) == step.expected, f"{step.line}: {step.words}"
    return [[bytes.fromhex(word) for word in line.split()] for step, line in _questions(steps, lines)]


def _questions(steps: Sequence[Step], lines: Sequence[str]) -> list[tuple[Step, str]]:
    return [(step, line) for step, line in zip(steps, lines, strict=True) if step.line.startswith("ask")]


def _tight(frame: str) -> str:
    return frame.replace(" ", "").lower()


def _u32(value: int) -> str:
    return value.to_bytes(4, "little").hex()


def get_log(
    tsn: int, control: int, start: int = 0, end: int = 0xFFFFFFFE, event_id: int = 0, window: str = "00 0000"
) -> str:
    """Get Event Log, frame control 01; `window` is number and offset."""
    return f"01 {tsn:02X} 00 {control:02X} {event_id.to_bytes(2, 'little').hex()} {_u32(start)} {_u32(end)} {window}"


def log(tsn: int, total: int, *entries: str) -> str:
    """Publish Event Log as it stands in a GBCS message: one command, payload control 00."""
    return f"19 {tsn:02X} 01 {total.to_bytes(2, 'little').hex()} 00 01 00 {''.join(entries)}"


def entry(log_id: int, code: int, seconds: int, data: str = "") -> str:
    """An entry: log id, event id, time, data."""
    image = bytes.fromhex(data)
    return f"{log_id:02X} {code.to_bytes(2, 'little').hex()} {_u32(T0 + seconds)} {len(image):02X} {image.hex()}"
