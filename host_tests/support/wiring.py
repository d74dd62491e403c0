"""The file of a bench: which boards there are on which ports, how fast and how wired.

Facts that every board of a kind shares are in host_tests/wiring/boards.toml; a schema beside checks both.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema
from serial.tools import list_ports

from gsme_host.supervisor import ROOT
from host_tests.support.device import Device

FOLDER: Final = ROOT / "host_tests" / "wiring"
_SCHEMA: Final = json.loads((FOLDER / "wiring.schema.json").read_text(encoding="utf-8"))

Table = Mapping[str, Any]


class WiringError(Exception):
    """What a file says does not fit; the message is one line for people."""


def boards() -> dict[str, Any]:
    """What is known of each kind of board."""
    return _read(FOLDER / "boards.toml", "boards")


def positions(path: Path) -> list[Table]:
    """The positions of a bench, checked; WiringError in one line."""
    found: list[Table] = _read(path, "bench")["position"]
    known = boards()
    for position in found:
        for problem in _problems(position, known):
            raise WiringError(f"{path}: {position['name']}: {problem}")
    for key in ("name", "port"):
        values = [position[key] for position in found if key in position]
        if len(set(values)) < len(values):
            raise WiringError(f"{path}: two positions have the same {key}")
    return found


def devices(path: Path) -> list[Device]:
    """A device a position, its port found where the file names none; WiringError where it is not there."""
    known = boards()
    return [
        Device(_port(path, position, known), position.get("baud"), position["board"]) for position in positions(path)
    ]


def _read(path: Path, what: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WiringError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise WiringError(f"{path}: no TOML: {error}") from None
    schema = {**_SCHEMA, "$ref": f"#/$defs/{what}"}
    if wrong := jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(table)):
        raise WiringError(f"{path}: {'.'.join(map(str, wrong.absolute_path))}: {wrong.message}")
    return table


def _problems(position: Table, known: Table) -> Iterator[str]:
    """What the schema cannot say, in words."""
    name = position["board"]
    if not (ROOT / "board" / name / "board.json").is_file():
        yield f"there is no board {name}"
    elif name not in known:
        if "port" not in position or "wires" in position or "connector" in position:
            yield f"of {name} no connectors and pins are known: it can have a port and a baud only"
    else:
        yield from _connector_problems(position, known[name]["connectors"])
        yield from _wire_problems(position, known[name]["pins"])


def _connector_problems(position: Table, connectors: Table) -> Iterator[str]:
    connector = position.get("connector")
    if connector is None:
        return
    if connector not in connectors:
        yield f"there is no connector {connector}, but: {', '.join(connectors)}"
        return
    facts, baud = connectors[connector], position.get("baud", 0)
    if facts["max_baud"] and baud > facts["max_baud"]:
        yield f"{baud} bits per second are too many for {facts['label']}, which does {facts['max_baud']}"
    if baud in facts.get("bad_bauds", ()):
        yield f"{facts['label']} does not do {baud} bits per second"


def _wire_problems(position: Table, pins: Table) -> Iterator[str]:
    wires = position.get("wires", {})
    for signal, pin in wires.items():
        if pin not in usable(pins, signal):
            yield f"{signal} on pin {pin}, which is not free for it: {usable(pins, signal)}"
    if len(set(wires.values())) < len(wires):
        yield "two wires on one pin"


def usable(pins: Table, signal: str) -> list[int]:
    """The pins that a signal of the bench may have."""
    own = {"tx": [pins["tx"]], "rx": [pins["rx"]], "led": pins.get("leds", []), "pulse": pins.get("buttons", [])}
    return sorted({*pins["free"], *own[signal]})


def _port(path: Path, position: Table, known: Table) -> str:
    if "port" in position:
        return str(position["port"])
    facts = known[position["board"]]["connectors"][position["connector"]]
    wanted = position.get("serial")
    found = [
        port.device
        for port in list_ports.comports()
        if port.vid is not None
        and f"{port.vid:04X}:{port.pid:04X}" in facts["usb_ids"]
        and wanted in (None, port.serial_number)
    ]
    if len(found) != 1:
        what = f"{facts['label']} ({' or '.join(facts['usb_ids'])}{f', serial {wanted}' if wanted else ''})"
        count = f"{len(found)} ports are such: {', '.join(sorted(found))}" if found else "no port is such"
        raise WiringError(f"{path}: {position['name']}: {what}: {count}")
    return str(found[0])
