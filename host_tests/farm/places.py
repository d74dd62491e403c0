"""The devices of the places in labgrid's environment file, --lg-env: a target a place, a place a serial port.

Runs where labgrid is installed, and only there: labgrid brings a pyserial of its own.
"""

from __future__ import annotations

from typing import Final

import pytest
from labgrid import Environment
from labgrid.config import Config
from labgrid.exceptions import NoSupplierFoundError
from labgrid.pytestplugin.hooks import LABGRID_ENV_KEY
from labgrid.remote.client import Error
from labgrid.util.proxy import proxymanager

from host_tests.support.device import Device

PORT: Final = "NetworkSerialPort"
# ser2net does not answer for lines that a pseudo-terminal lacks.
URL: Final = "rfc2217://{}:{}?ign_set_control"
BAUD: Final = "--baud"


def number(config: pytest.Config) -> int:
    """How many targets the file has; nobody is asked for that."""
    return len(Config(config.getoption("lg_env")).get_targets())


def devices(config: pytest.Config) -> list[Device]:
    """A device a target, in the file's order; UsageError in one line where a place is not to be had."""
    environment = config.stash[LABGRID_ENV_KEY]
    baud = config.getoption(BAUD)
    return [Device(_url(environment, name), baud) for name in environment.config.get_targets()]


def _url(environment: Environment, name: str) -> str:
    try:
        resource = environment.get_target(name).get_resource(PORT)
    except (Error, NoSupplierFoundError, OSError) as error:
        raise pytest.UsageError(f"{name}: {str(error).splitlines()[0].removeprefix('Error: ')}") from None
    host, port = proxymanager.get_host_and_port(resource)
    return URL.format(host, port)
