"""Which board a device is, by what images say of themselves. Source: MicroPython, mpconfigboard.h, mpconfigport.h."""

from __future__ import annotations

import pytest

from gsme_host.deploy.errors import DeployError
from gsme_host.deploy.facts import Device, find

V_1_29 = (1, 29)


@pytest.mark.parametrize(
    ("platform", "build", "machine", "board"),
    [
        ("nrf", "PCA10056", "PCA10056 with NRF52840", "nrf52840dk"),
        ("nrf52840-PDK", "PCA10056", "PCA10056 with NRF52840", "nrf52840dk"),
        ("esp32", "ESP32_GENERIC_C6", "ESP32C6 module with ESP32C6", "esp32_c6"),
        ("esp32", "M5STACK_NANOC6", "M5Stack NanoC6 with ESP32C6", "esp32_c6"),
        ("esp32", "ESP32_GENERIC_H2", "ESP32H2 module with ESP32H2", "esp32_h2"),
    ],
)
def test_it_is_found(platform: str, build: str, machine: str, board: str) -> None:
    assert find("P", Device(platform, build, machine, V_1_29)).name == board


@pytest.mark.parametrize(
    ("platform", "build", "machine"),
    [
        ("nrf", "SEEED_XIAO_NRF52", "XIAO nRF52840 Sense with NRF52840"),  # its SoftDevice has the AES peripheral
        ("esp32", "ESP32_GENERIC_C3", "ESP32C3 module with ESP32C3"),
        ("rp2", "RPI_PICO", "Raspberry Pi Pico with RP2040"),
    ],
)
def test_another_one_is_refused(platform: str, build: str, machine: str) -> None:
    with pytest.raises(DeployError, match="is none of"):
        find("P", Device(platform, build, machine, V_1_29))
