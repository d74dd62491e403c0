"""Goes through octets from the front and leaves a row for each field: together the rows are the message, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, Self

from ..gbcs import GbcsError
from ..gbcs.reader import Reader

NOT_EXPLAINED: Final = "not explained"
LEFT_OVER: Final = "left over"


class Row(NamedTuple):
    """One field: where it begins, its octets, what it is called, and what it says."""

    offset: int
    octets: bytes
    name: str
    meaning: str = ""


class Field(NamedTuple):
    """One field of a table: its name, and what reads it and says it in words."""

    name: str
    read: Callable[[Walk], str]


class Walk(Reader):
    """A reader whose offsets are those of the whole message, that of a part included.

    `rows` and `problems` are those of the whole. A problem is noted where the walk can go on; else GbcsError is raised.
    """

    def __init__(self, data: bytes, rows: list[Row], problems: list[str], at: int = 0) -> None:
        super().__init__(data)
        self.rows, self.problems, self.at = rows, problems, at

    def since(self, start: int, name: str, meaning: str = "") -> None:
        """A row for what was read from `start` on."""
        if self.at > start:
            self.rows.append(Row(start, self.data[start : self.at], name, meaning))

    def octets(self, count: int, name: str, meaning: str | Callable[[bytes], str] = "") -> bytes:
        """Reads `count` octets as one row."""
        start, found = self.at, self.take(count, name)
        self.since(start, name, meaning if isinstance(meaning, str) else meaning(found))
        return found

    def fixed(self, octets: bytes, name: str, meaning: str = "") -> None:
        """A row that can have no other octets."""
        start = self.at
        self.expect(octets, name)
        self.since(start, name, meaning)

    def rest(self, name: str, meaning: str = "") -> bytes:
        """All that is left, as one row."""
        return self.octets(self.left, name, meaning)

    def little(self, count: int, what: str) -> int:
        """A little-endian number, as the ZCL has them; no row."""
        return int.from_bytes(self.take(count, what), "little")

    def fields(self, fields: tuple[Field, ...]) -> None:
        """A row for each field."""
        for field in fields:
            start, words = self.at, field.read(self)
            self.since(start, field.name, words)

    def record(self, name: str, fields: tuple[Field, ...]) -> None:
        """One row for all the fields."""
        start = self.at
        words = [field.read(self) for field in fields]
        self.since(start, name, ", ".join(word for word in words if word))

    def part(self, count: int, what: str) -> Self:
        """The next `count` octets as a walk of their own. Where fewer are left that is a problem, and it gets these."""
        if count > self.left:
            self.problem(f"{what} has {count} octets, and {self.left} are left")
        start = self.at
        self.at += min(count, self.left)
        return type(self)(self.data[: self.at], self.rows, self.problems, start)

    def close(self, what: str) -> None:
        """Nothing should be left; what is gets a row and is a problem."""
        if self.left:
            self.problem(f"{self.left} octets too many behind {what}")
            self.rest(LEFT_OVER, f"{self.left} octets too many behind {what}")

    def problem(self, text: str) -> None:
        """Notes what is wrong at this place."""
        self.problems.append(f"octet {self.at}: {text}")


class Explanation(NamedTuple):
    """What octets were taken for, the rows that cover them all, and in one line what is wrong, or nothing."""

    kind: str
    rows: list[Row]
    problem: str


def explain_with(kind: str, data: bytes, explainer: Callable[[Walk], None]) -> Explanation:
    """Lets an explainer go through the octets; the row of what it could not explain is the last one."""
    walk = Walk(data, [], [])
    try:
        explainer(walk)
        walk.close("the end")
        problem = next(iter(walk.problems), "")
    except GbcsError as error:
        problem = str(error)
    covered = sum(len(row.octets) for row in walk.rows)
    if covered < len(data):
        walk.rows.append(Row(covered, data[covered:], NOT_EXPLAINED))
    return Explanation(kind, walk.rows, problem)
