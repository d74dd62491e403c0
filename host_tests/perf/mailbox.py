"""Messages of remote parties: the meter's mailbox, and the same work done by the `cryptography` package on the host.

A transaction is a GCS20r of all 44 codes: parsed, its MAC checked, answered, the answer's MAC made; secrets are there,
and the counter is another each time, so every message has its own keys.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final

from gsme_host import event_codes
from gsme_host.eui64 import GSME
from gsme_host.gbcs import commands, gbz, protection
from gsme_host.gbcs.envelope import Cra, Message, entity_id
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import Role
from gsme_host.zcl import Cluster
from host_tests.support.remote_parties import with_secrets

from .process import LARGE_HEAP, MEMORY_HEAP, Broken, Files, micropython, one_core, run

MODULE: Final = "mailbox"
NAME: Final = "GCS20r message"
VECTORS: Final = "messages.bin"
WRITTEN: Final = "responses.bin"
RING: Final = 64
LAP: Final = 16  # passes over the ring
LAPS: Final = 3
COMPONENTS: Final = 13  # of GCS20, each for all codes: as many as a transfer has room for
CODES: Final = 44


@dataclass(frozen=True)
class Keys:
    """Milliseconds of a key agreement and of a signature, each whole and its longest slice."""

    agreement_ms: float
    agreement_slice_ms: float
    signature_ms: float
    signature_slice_ms: float


@dataclass(frozen=True)
class Figures:
    """Transactions per second of the processor, and the most heap that a long message took, in bytes."""

    meter: float
    host: float
    heap_peak: int
    longest: int
    keys: Keys

    @property
    def ratio(self) -> float:
        """The meter's share of the host's rate."""
        return self.meter / self.host


def head_end() -> HeadEnd:
    """The parties of the measurement."""
    return HeadEnd(GSME, with_secrets())


def short_messages() -> list[Message]:
    """GCS20r of all codes, under counters of their own."""
    made = head_end()
    return [made.command("GCS20r", commands.get_event_configuration()) for _ in range(RING)]


def long_messages() -> list[Message]:
    """GCS20 of as many codes as a transfer has room for."""
    every = [int(row["code"], 16) for row in event_codes.rows() if row["configurable"] == "yes"]
    valid = [log | wan | han | alarm for log, wan, han, alarm in product((0, 0x03), (0, 0x08), (0, 0x10), (0, 0x40))]
    return [head_end().command("GCS20", commands.set_event_configuration(0, dict.fromkeys(valid[:COMPONENTS], every)))]


def vectors(messages: Sequence[Message]) -> bytes:
    """The file that the script describes."""
    parties = head_end().parties
    head = bytes((len(parties),))
    for role, party in parties.items():
        head += entity_id(party.entity) + bytes((role.value,)) + party.z
    return head + b"".join(len(data).to_bytes(2, "little") + data for data in (one.encode() for one in messages))


def command(files: Files, messages: Sequence[Message], passes: int, measure: str, heap: str = MEMORY_HEAP) -> list[str]:
    """The command that measures; writes what it reads."""
    (files.scratch / VECTORS).write_bytes(vectors(messages))
    return micropython(MODULE, VECTORS, WRITTEN, passes, measure, heap=heap)


def check(files: Files, messages: Sequence[Message]) -> None:
    """Proves every response that the meter wrote; Broken where one is wrong."""
    written, at = (files.scratch / WRITTEN).read_bytes(), 0
    for one in messages:
        size = int.from_bytes(written[at : at + 2], "little")
        response = head_end().response(one, written[at + 2 : at + 2 + size])
        if not gbz.parse(response.content)[0].frame:
            raise Broken("a response without a frame")
        at += 2 + size
    if at != len(written):
        raise Broken(f"{len(written) - at} bytes too many behind {len(messages)} responses")


def measure(files: Files) -> Figures:
    """All of it, in one run."""
    messages, long = short_messages(), long_messages()
    host = max(_host_per_second(messages) for _ in range(LAPS))
    readings = _run(files, messages, LAP * LAPS, "time")[::LAP]
    meter = RING * LAP / min(after - before for before, after in pairwise(readings))
    peak = heap_bytes(files, long)
    keys = _run(files, messages[:1], 0, "keys")
    return Figures(meter, host, peak, len(long[0].encode()), Keys(*keys))


def heap_bytes(files: Files, messages: Sequence[Message]) -> int:
    """The most bytes that one of the messages takes, from its arrival until its response is gone; nothing collected."""
    (most,) = _run(files, messages, 0, "heap", LARGE_HEAP)
    return round(most)


def _run(files: Files, messages: Sequence[Message], passes: int, kind: str, heap: str = MEMORY_HEAP) -> list[float]:
    result = run([*one_core(), *command(files, messages, passes, kind, heap)], files.scratch, files.environment())
    check(files, messages)
    return [float(number) for number in result.stdout.split()]


def _host_per_second(messages: Sequence[Message]) -> float:
    """Parsing, both MACs and writing the response, by the host's side."""
    parties = head_end().parties
    broker, supplier = parties[Role.BROKER].z, parties[Role.SUPPLIER].z
    content = response_content()
    encoded = [one.encode() for one in messages]
    start = time.process_time()
    for data in encoded:
        _host_answer(data, broker, supplier, content)
    return len(encoded) / (time.process_time() - start)


def response_content() -> bytes:
    """A payload as long as the meter's: 44 rows of three octets."""
    return gbz.encode([gbz.Component(Cluster.DEVICE_MANAGEMENT, bytes(3 + 2 + 3 * CODES))])


def _host_answer(data: bytes, broker: bytes, supplier: bytes, content: bytes) -> bytes:
    asked = Message.parse(data)
    if protection.mac(broker, asked) != asked.mac:
        raise Broken("a wrong MAC")
    gbz.parse(asked.content)
    answer = Message(Cra.RESPONSE, asked.counter, asked.recipient, asked.originator, asked.code, content)
    return replace(answer, mac=protection.mac(supplier, answer)).encode()
