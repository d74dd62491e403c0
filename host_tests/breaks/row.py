"""One row of the catalogue."""

from __future__ import annotations

from typing import NamedTuple


class Break(NamedTuple):
    """`old` stands exactly once in `file`, a path inside firmware/; with `new` in its place `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str
