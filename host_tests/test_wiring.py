"""The file of a bench: what it gives the suite, and what it may not say."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from serial.tools import list_ports

from gsme_host.supervisor import ROOT
from host_tests.support import wiring
from host_tests.support.command import sim
from host_tests.support.device import Device
from host_tests.support.wiring import WiringError
from host_tests.test_ports import FILE, starts, suite

EXAMPLE: Final = wiring.FOLDER / "example.toml"
CONFIGS: Final = sorted(ROOT.glob("board/*/board_config.py"))
Bench = Callable[[str], Path]


class Port(NamedTuple):
    """What pyserial tells of a port."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


C6: Final = Port("/dev/ttyACM0", 0x303A, 0x1001, "40:4C:CA:00:00:01")
OTHER_C6: Final = Port("/dev/ttyACM1", 0x303A, 0x1001, "40:4C:CA:00:00:02")
NRF: Final = Port("/dev/ttyACM2", 0xF055, 0x9802, "000000000000")
BUILT_IN: Final = Port("/dev/ttyS0", None, None, None)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    def write(text: str) -> Path:
        path = tmp_path / "bench.toml"
        path.write_text(text)
        return path

    return write


def plug_in(monkeypatch: pytest.MonkeyPatch, *ports: Port) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: list(ports))


def position(**values: Any) -> str:
    lines = [f"{key} = {value if isinstance(value, int) else repr(value)}" for key, value in values.items()]
    return "[[position]]\n" + "\n".join(lines) + "\n"


def test_the_example_gives_a_device_a_position(monkeypatch: pytest.MonkeyPatch) -> None:
    """By USB ids, by port; the speed is found out where the file says none."""
    plug_in(monkeypatch, BUILT_IN, C6, NRF)
    assert wiring.devices(EXAMPLE) == [
        Device(C6.device, None, "esp32_c6"),
        Device("/dev/ttyUSB0", 460800, "esp32_h2"),
        Device(NRF.device, None, "nrf52840dk"),
    ]


def test_a_serial_number_tells_two_boards_apart(monkeypatch: pytest.MonkeyPatch, bench: Bench) -> None:
    plug_in(monkeypatch, C6, OTHER_C6)
    one = position(name="c6", board="esp32_c6", connector="usb")
    with pytest.raises(WiringError, match=r"2 ports are such: /dev/ttyACM0, /dev/ttyACM1$"):
        wiring.devices(bench(one))
    found = wiring.devices(bench(one + f"serial = '{OTHER_C6.serial_number}'\n"))
    assert [device.url for device in found] == [OTHER_C6.device]
    plug_in(monkeypatch, BUILT_IN, NRF)
    with pytest.raises(WiringError, match=r"c6: ESP32-C6 USB Type-C Port \(303A:1001\): no port is such$"):
        wiring.devices(bench(one))


NRF_UART: Final = {"name": "n", "board": "nrf52840dk", "connector": "uart", "port": "p"}
H2: Final = {"name": "h", "board": "esp32_h2", "port": "p"}
REFUSED: Final = {  # what a bench may not say, and words of the line that says why
    "no TOML": ("[[position", "no TOML"),
    "nothing": ("", "'position' is a required property"),
    "neither port nor connector": (position(name="x", board="esp32_c6"), "position.0: "),
    "an unknown key": (position(**H2, bauds=1), "'bauds' was unexpected"),
    "a baud in words": (position(**H2, baud="fast"), "position.0.baud: 'fast' is not of type 'integer'"),
    "an unknown board": (position(name="x", board="teapot", port="p"), "x: there is no board teapot"),
    "an unknown connector": (position(**{**NRF_UART, "connector": "can"}), "there is no connector can, but: usb, uart"),
    "a speed that a chip lacks": (position(**NRF_UART, baud=921600), "does not do 921600"),
    "too fast": (position(**NRF_UART, baud=2000000), "too many for interface chip, which does 1000000"),
    "a pin that is taken": (position(**H2) + "wires = {pulse = 9}", "pulse on pin 9, which is not free"),
    "a pin twice": (position(**H2) + "wires = {tx = 10, rx = 10}", "two wires on one pin"),
    "pins of no known board": (
        position(name="u", board="unix", port="p") + "wires = {tx = 1}",
        "no connectors and pins",
    ),
    "a name twice": (position(**H2) + position(**{**H2, "port": "q"}), "two positions have the same name"),
    "a port twice": (position(**H2) + position(**{**H2, "name": "i"}), "two positions have the same port"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_what_a_bench_may_not_say(bench: Bench, text: str, words: str) -> None:
    """One line, which begins with the file."""
    path = bench(text)
    with pytest.raises(WiringError) as refused:
        wiring.devices(path)
    line = str(refused.value)
    assert line.startswith(f"{path}: ")
    assert words in line
    assert "\n" not in line


@pytest.mark.parametrize("config", CONFIGS, ids=[path.parent.name for path in CONFIGS])
def test_the_boards_are_wired_to_pins_that_are_free(config: Path) -> None:
    """What board_config.py says, against the makers' documents."""
    known = wiring.boards()[config.parent.name]["pins"]
    says = runpy.run_path(str(config))
    wired = {"pulse": says["PULSE"], "led": says["LED"], "tx": says.get("UART_TX"), "rx": says.get("UART_RX")}
    used = {signal: pin for signal, pin in wired.items() if pin is not None}
    assert used
    for signal, pin in used.items():
        assert pin in wiring.usable(known, signal), signal


def test_every_board_with_a_processor_of_its_own_is_known() -> None:
    """As the product that board.json describes, and the pins of each have one task only."""
    assert set(wiring.boards()) == {path.parent.name for path in CONFIGS}
    for name, board in wiring.boards().items():
        described = json.loads((ROOT / "board" / name / "board.json").read_text(encoding="utf-8"))
        assert described["product"] == board["product"]
        pins = board["pins"]
        taken = [pins["tx"], pins["rx"], *pins.get("usb", []), *pins.get("leds", []), *pins.get("buttons", [])]
        assert len({*pins["free"], *taken}) == len(pins["free"]) + len(taken), name
        assert not {pins.get("boot"), pins.get("reset"), pins.get("colour_led"), *pins.get("strapping", [])} & {
            *pins["free"],
            *taken,
        }, name


def test_the_suite_on_a_bench(bench: Bench) -> None:
    """Two meters on two positions, each tested by a worker of its own."""
    with sim() as one, sim() as other:
        lines = [position(name=str(n), board="unix", port=meter.port) for n, meter in enumerate((one, other))]
        done = suite("--bench", str(bench("".join(lines))), "-n", "auto", "-q", FILE)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        assert min(starts(one), starts(other)) > 1


def test_another_board_than_the_bench_says(bench: Bench) -> None:
    """And both ways to name devices at once; one line, no test."""
    with sim() as meter:
        path = bench(position(name="c6", board="esp32_c6", port=meter.port))
        for more, line in (
            ([], f"{meter.port}: that board is unix, and not esp32_c6"),
            (["--port", meter.port], "either --port or --bench, and one of them"),
        ):
            done = suite("--bench", str(path), *more, FILE)
            assert done.returncode == pytest.ExitCode.USAGE_ERROR
            assert [text for text in done.stderr.splitlines() if text] == [f"ERROR: {line}"]
        assert starts(meter) == 1
