"""The device under test: a fresh simulated meter a test, or the one behind `--port`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gsme_host.bench import Bench, DeviceType
from gsme_host.capture import Capture
from gsme_host.eui64 import CAD, ESME, GSME, HCALCS, IHD, PPMID
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.sim import Simulator
from host_tests.support.device import Device

FIRMWARE_FOLDER: Final = "GSME_TEST_FIRMWARE"  # environment: what the whole run tests, compiled once
SOURCES_FOLDER: Final = "GSME_TEST_SOURCES"  # environment: what that was compiled from
LAST_KNOWN_UTC: Final = 0x1C374A80  # 2015-01-01T00:00:00Z, of a meter whose clock was never set
HOME_AREA: Final = (
    (ESME, DeviceType.ESME),
    (HCALCS, DeviceType.HCALCS),
    (PPMID, DeviceType.PPMID),
    (IHD, DeviceType.TYPE_2),
    (CAD, DeviceType.TYPE_2),
)


@dataclass
class Target:
    """The device at hand. `sim` is None where it is a real one."""

    meter: Meter
    bench: Bench
    sim: Simulator | None

    def enrol_home_area(self) -> None:
        """Puts one device of every kind into the Device Log beside the hub's two."""
        for device, kind in HOME_AREA:
            self.bench.enrol(device, kind)


def firmware() -> Path:
    """The folder that simulated meters run: .mpy files, or sources."""
    return Path(os.environ[FIRMWARE_FOLDER])


def broken_sources(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the sources under test with one text, which stands once in `file`, replaced."""
    sources = folder / "firmware"
    shutil.copytree(os.environ[SOURCES_FOLDER], sources, ignore=shutil.ignore_patterns("__pycache__"))
    text = (sources / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (sources / file).write_text(text.replace(old, new), encoding="utf-8")
    return sources


@contextmanager
def simulated(capture: Capture | None, *, state: Path | None = None) -> Iterator[Target]:
    """A meter of its own in a process of its own, as it left the factory unless `state` knows better."""
    with Simulator(mpy=firmware(), state=state) as sim, Link(sim.port, capture) as link:
        link.sync()
        meter = Meter(link)
        _forget_announce(meter)
        yield Target(meter, Bench(meter), sim)


@contextmanager
def real(device: Device, capture: Capture | None) -> Iterator[Target]:
    """The device behind a port, set back to how it left the factory, with its clock invalid."""
    with Link(device.url, capture, baud=device.baud) as link:
        link.sync()
        meter = Meter(link)
        target = Target(meter, Bench(meter), None)
        target.bench.inject_fault(0)
        target.bench.factory_reset()
        target.bench.set_identity(GSME)
        target.bench.set_clock(LAST_KNOWN_UTC)  # which the factory's is not, if the device has been used
        target.bench.reboot()
        _forget_announce(meter)
        yield target


def _forget_announce(meter: Meter) -> None:
    """The device announce follows the first SYNC of a start; no exchange is to take it for an answer."""
    meter.settle()
    meter.unasked.clear()
