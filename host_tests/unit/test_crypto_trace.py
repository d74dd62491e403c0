"""The arithmetic on the curve does the same field operations in the same order, whatever the scalar.

The device's own source is run here on numbers that write down what is done with them; not on the device, where a
thousand traces would take minutes. What a pass does not prove: that an operation takes the same time for all numbers.
"""

from __future__ import annotations

import hashlib
import importlib
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

from host_tests.unit.cryptography_calls import N, octets, public

SCALARS: Final = 1000
SEED: Final = 256
EDGES: Final = (1, 2, 3, 15, 16, N - 1, N - 2, 2**255, 2**128)


TRACE: Final = bytearray()


class Traced:
    """A number that writes down each operation on it; plain functions, for there are millions of them."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value

    def __mul__(self, other: Any) -> Traced:
        TRACE.append(ord("*"))
        return Traced(self.value * (other.value if type(other) is Traced else other))

    def __add__(self, other: Any) -> Traced:
        TRACE.append(ord("+"))
        return Traced(self.value + (other.value if type(other) is Traced else other))

    def __sub__(self, other: Any) -> Traced:
        TRACE.append(ord("-"))
        return Traced(self.value - (other.value if type(other) is Traced else other))

    def __mod__(self, other: int) -> Traced:
        TRACE.append(ord("%"))
        return Traced(self.value % other)

    __rmul__ = __mul__


@contextmanager
def on_this_interpreter(firmware: Path) -> Iterator[ModuleType]:
    """The device's p256, with what it imports of MicroPython standing in."""
    stand_in = ModuleType("micropython")
    stand_in.const = lambda number: number  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "micropython", stand_in)
        patch.syspath_prepend(str(firmware / "gsme" / "crypto"))
        patch.delitem(sys.modules, "p256", raising=False)
        p256 = importlib.import_module("p256")
        patch.setattr(p256, "INFINITY", tuple(Traced(number) for number in p256.INFINITY))
        yield p256
        sys.modules.pop("p256", None)


def trace_of(p256: ModuleType, scalar: int, point: tuple[int, int, int]) -> bytes:
    """A digest of the operations of one multiplication."""
    TRACE.clear()
    work = p256.Multiplication(octets(scalar), tuple(Traced(number) for number in point))
    while not work.poll():
        TRACE.append(ord("|"))
    return hashlib.sha256(TRACE).digest()


@pytest.fixture
def p256(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """The device's source."""
    folder: Path = request.config.getoption("--firmware")
    with on_this_interpreter(folder.resolve()) as module:
        yield module


def test_a_thousand_scalars_leave_one_trace(p256: ModuleType) -> None:
    """On the base point, as for signatures and own keys, and on another's key, as for agreement."""
    drawn = random.Random(SEED)  # noqa: S311  # a sweep that can be repeated
    scalars = [*EDGES, *(drawn.randrange(1, N) for _ in range(SCALARS - len(EDGES)))]
    key = public(7)
    other = (int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big"), 1)
    traces = {trace_of(p256, scalar, p256.G if number % 2 else other) for number, scalar in enumerate(scalars)}
    assert len(scalars) == SCALARS
    assert len(traces) == 1
    assert len(TRACE) > 64 * 5 * 20, "there is something to trace"


def test_a_multiplication_that_skips_a_zero_is_noticed(p256: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding infinity left out, as careless code does: two scalars, two traces."""
    careful = p256.add
    monkeypatch.setattr(p256, "add", lambda p, q: p if q == p256.INFINITY else careful(p, q))
    assert trace_of(p256, 0x1111, p256.G) != trace_of(p256, 0x1011, p256.G)
