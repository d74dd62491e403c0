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
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

import pytest

from host_tests.unit.cryptography_calls import N, octets, public

SCALARS: Final = 1000
LEAST: Final = 64 * 5 * 20  # operations: windows, additions in each, operations of one
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

    def __pow__(self, exponent: int, modulus: int) -> Traced:
        TRACE.extend(exponent.to_bytes(32, "big"))
        return Traced(pow(self.value, exponent, modulus))

    def __bool__(self) -> bool:
        return bool(self.value)

    def to_bytes(self, length: int, order: Literal["big", "little"]) -> bytes:
        """As a number does."""
        return self.value.to_bytes(length, order)

    __rmul__ = __mul__
    __radd__ = __add__


def traced(point: tuple[int, int, int]) -> Any:
    """A point of numbers that are traced."""
    return tuple(Traced(number) for number in point)


@dataclass(frozen=True)
class Device:
    """The device's modules, with what they import of MicroPython standing in and their points traced."""

    p256: ModuleType
    ecdh: ModuleType
    ecdsa: ModuleType


@pytest.fixture
def device(request: pytest.FixtureRequest) -> Iterator[Device]:
    """Imported for one test from the sources under test."""
    firmware: Path = request.config.getoption("--firmware")
    stand_in = ModuleType("micropython")
    stand_in.const = lambda number: number  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "micropython", stand_in)
        patch.syspath_prepend(str(firmware.resolve()))
        names = [name for name in sys.modules if name.partition(".")[0] == "gsme"]
        for name in names:
            patch.delitem(sys.modules, name)
        modules = [importlib.import_module(f"gsme.crypto.{name}") for name in ("p256", "ecdh", "ecdsa")]
        device = Device(*modules)
        read = device.p256.point
        patch.setattr(device.p256, "INFINITY", traced(device.p256.INFINITY))
        patch.setattr(device.p256, "G", traced(device.p256.G))
        patch.setattr(device.p256, "point", lambda image: traced(read(image)))
        yield device
        for name in [name for name in sys.modules if name.partition(".")[0] == "gsme"]:
            del sys.modules[name]


def trace_of(work: Any) -> bytes:
    """A digest of the operations until the work is done."""
    TRACE.clear()
    while not work.poll():
        TRACE.append(ord("|"))
    return hashlib.sha256(TRACE).digest()


def scalars(count: int) -> list[int]:
    """Those at the edges, and others that are the same in each run."""
    drawn = random.Random(count)  # noqa: S311  # a sweep that can be repeated
    return [*EDGES, *(drawn.randrange(1, N) for _ in range(count - len(EDGES)))]


def test_a_thousand_scalars_leave_one_trace_for_each_kind_of_work(device: Device) -> None:
    """Agreement with another's key, an own public key, a signature: down to the affine result."""
    key, digest = public(7), hashlib.sha256(b"").digest()
    agreements = [trace_of(device.ecdh.Agreement(octets(one), key)) for one in scalars(400)]
    publics = [trace_of(device.ecdh.OwnPublic(octets(one))) for one in scalars(300)]
    signatures = [trace_of(device.ecdsa.Signing(octets(one), digest)) for one in scalars(300)]
    assert len(agreements) + len(publics) + len(signatures) == SCALARS
    assert len(TRACE) > LEAST, "there is something to trace"
    assert [len(set(traces)) for traces in (agreements, publics, signatures)] == [1, 1, 1]


def test_a_multiplication_that_skips_a_zero_is_noticed(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding infinity left out, as careless code does: two scalars, two traces."""
    p256 = device.p256
    careful = p256.add
    monkeypatch.setattr(p256, "add", lambda p, q: p if q is p256.INFINITY else careful(p, q))
    traces = {trace_of(p256.Multiplication(octets(scalar), p256.G)) for scalar in (0x1111, 0x1011)}
    assert len(traces) == 2
