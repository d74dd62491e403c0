"""zigpy's bare codec on the same exchanges: header and schema, no device, no radio, no waiting.

This file uses zigpy (GPL-3.0), installed separately as a development dependency.

A transaction is what two ends do: encode and decode the request, encode and decode each answer. The objects to encode
are there already; only TSN and register are changed in them, which is less than zigpy's own request() does.
`python -m host_tests.perf.codec` prints transactions per second of the processor as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any, Final, cast

from zigpy.zcl.foundation import GENERAL_COMMANDS, CommandSchema, GeneralCommand, ZCLHeader

from host_tests.zigpy_host.clusters import DeviceManagement

from .exchanges import CODED, NOT_FOUND, Exchange, Read
from .process import Broken

LAPS: Final = 5
LAP: Final = 256  # transactions, one a TSN

Schema = type[CommandSchema]


@dataclass(frozen=True)
class Parsed:
    """A frame as zigpy has it. Its header takes a plain number as TSN, which zigpy's annotations do not say."""

    header: Any
    command: CommandSchema


def _schemas(exchange: Exchange) -> tuple[Schema, Schema]:
    """Those of the request and of its answers."""
    if isinstance(exchange, Read):
        return _general(GeneralCommand.Read_Attributes), _general(GeneralCommand.Read_Attributes_rsp)
    request = DeviceManagement.ClientCommandDefs.get_event_configuration.schema
    report = DeviceManagement.ServerCommandDefs.report_event_configuration.schema
    answer = _general(GeneralCommand.Default_Response) if exchange is NOT_FOUND else report
    return request, answer


def _general(command: GeneralCommand) -> Schema:
    return GENERAL_COMMANDS[command].schema


def decode(schema: Schema, raw: bytes) -> Parsed:
    """One decode: header, then command."""
    header, rest = ZCLHeader.deserialize(raw)
    command, _ = schema.deserialize(rest)
    return Parsed(header, command)


def encode(frame: Parsed) -> bytes:
    """One encode: header, then command."""
    raw: bytes = frame.header.serialize() + frame.command.serialize()
    return raw


class Codec:
    """The frames of one exchange, ready to be coded over and over."""

    def __init__(self, exchange: Exchange) -> None:
        request, answer = _schemas(exchange)
        raw = [(request, exchange.request(0)), *((answer, frame) for frame in exchange.answers(0, 0))]
        self.name = exchange.name
        self._frames = [(schema, frame, decode(schema, frame)) for schema, frame in raw]
        self._register: Any = None
        if isinstance(exchange, Read):
            self._register = cast("Any", self._frames[1][2].command).status_records[0].value
        for _, frame, parsed in self._frames:
            if encode(parsed) != frame:
                raise Broken(f"{exchange.name}: zigpy makes {encode(parsed).hex(' ')} of {frame.hex(' ')}")

    def per_second(self) -> float:
        """Transactions per second of the processor, the best of some laps."""
        return LAP / min(self._lap() for _ in range(LAPS))

    def _lap(self) -> float:
        start = time.process_time()
        for turn in range(LAP):
            self._transact(turn)
        return time.process_time() - start

    def _transact(self, turn: int) -> None:
        if self._register is not None:
            self._register.value = type(self._register.value)(turn)
        for schema, raw, parsed in self._frames:
            parsed.header.tsn = turn
            encode(parsed)
            decode(schema, raw)


def main() -> None:
    """Measures every exchange."""
    json.dump({codec.name: codec.per_second() for codec in map(Codec, CODED)}, sys.stdout)


if __name__ == "__main__":
    main()
