"""MP078-604-9: a stock zigpy host pairs the corrected refusal with its request, and waits in vain for the draft's.

Source: clause MP078-604-9; zigpy files a pending request under endpoint, cluster, inverted direction and sequence
number. The host is zigpy's own `Device`, as CHF, on the meter's port; zigpy (GPL-3.0) is a development dependency. A
pass proves how this one host pairs answers, which is what ZCL says; other hosts may be more forgiving.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import pytest
from zigpy.zcl.foundation import Status

from gsme_host.bench import Behaviour, Fault
from gsme_host.zcl import Cluster
from host_tests.judges.event_list import FACTORY, PUBLISHED_ORDER
from host_tests.judges.meter_map import DEVICE_ID, IN_CLUSTERS, OUT_CLUSTERS, PROFILE
from host_tests.support.target import Target
from host_tests.zigpy_host.application import HanApplication, configuration
from host_tests.zigpy_host.ask import GET, WHOLE_GROUP
from host_tests.zigpy_host.clusters import Events

TIMEOUT_S: Final = 0.4
REOPEN_S: Final = 5.0
ENDPOINT: Final = 1
NOT_HELD: Final = (0x8F3E, 0x8FFF, 0x82FF, 0x0000)
PUBLISH: Final = Events.ClientCommandDefs.publish_event_log
GET_LOG: Final = Events.ServerCommandDefs.get_event_log
CONFIGURED: Final = 0x8154
IN_SECURITY_LOG: Final = 0x8F1B


class Heard:
    """A listener of the application: every frame on Device Management, paired with a request or not."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def handle_message(self, _device: Any, _profile: int, cluster: int, _from: int, _to: int, asdu: bytes) -> None:
        """What zigpy tells of each packet."""
        if cluster == Cluster.DEVICE_MANAGEMENT:
            self.frames.append(bytes(asdu))


Talk = Callable[[Any, Heard], Awaitable[Any]]


def on_zigpy(target: Target, talk: Talk, *, interviewed: bool = False) -> Any:
    """Gives the meter's port to a zigpy host for as long as `talk(device, heard)` takes; returns what that returns."""
    link = target.meter.link

    async def session() -> Any:
        application = HanApplication(configuration(link.url, link.baud), interviewed=interviewed)
        await application.startup()
        try:
            heard = Heard()
            application.add_listener(heard)
            return await talk(await application.meter(), heard)
        finally:
            await application.shutdown()

    link.close()
    try:
        return asyncio.run(session())
    finally:
        link.reopen(REOPEN_S)
        link.sync()


async def get(device: Any, event: int) -> Any:
    """GCS20r through `Device.request`, without retries; TimeoutError where nothing that zigpy waits for comes."""
    cluster = device.endpoints[ENDPOINT].out_clusters[Cluster.DEVICE_MANAGEMENT]
    options = {"disable_default_response": False, "timeout": TIMEOUT_S, "retries": 0}
    return await cluster.request(False, GET.id, GET.schema, event, **options)


@pytest.mark.parametrize("event", NOT_HELD, ids=[f"{event:04X}" for event in NOT_HELD])
def test_MP078_604_9_the_corrected_refusal_is_paired(target: Target, event: int) -> None:
    """The request returns the Default Response: command 05, NOT_FOUND."""
    answer = on_zigpy(target, lambda device, _: get(device, event))
    assert (answer.command_id, answer.status) == (5, Status.NOT_FOUND)


def test_MP078_604_9_a_store_failure_is_paired_too(target: Target) -> None:
    target.bench.inject_fault(Fault.EVENT_CONFIGURATION)
    answer = on_zigpy(target, lambda device, _: get(device, WHOLE_GROUP))
    assert (answer.command_id, answer.status) == (5, Status.HARDWARE_FAILURE)


def test_MP078_604_9_the_drafts_refusal_arrives_and_is_paired_with_nothing(target: Target) -> None:
    """The frame is there, `08 TSN 0B 05 8B`, under the request's own sequence number; the request times out."""
    target.bench.set_behaviour(Behaviour.IRP550_DRAFT)

    async def talk(device: Any, heard: Heard) -> tuple[bool, list[bytes]]:
        answered = False
        with suppress(TimeoutError):
            await get(device, NOT_HELD[0])
            answered = True
        return answered, heard.frames

    answered, frames = on_zigpy(target, talk)
    assert not answered
    assert [frame[:1] + frame[2:] for frame in frames] == [bytes.fromhex("08 0B 05 8B")]


def test_MP078_604_9_a_host_that_waits_for_silence_hears_nothing(target: Target) -> None:
    """GBCS 4.0: no frame at all; what is held is reported in every behaviour."""

    async def talk(device: Any, heard: Heard) -> tuple[Any, list[bytes]]:
        with pytest.raises(TimeoutError):
            await get(device, NOT_HELD[0])
        silence = list(heard.frames)
        return await get(device, CONFIGURED), silence

    target.bench.set_behaviour(Behaviour.GBCS_4_0)
    report, silence = on_zigpy(target, talk)
    assert silence == []
    assert entries_of(report) == {CONFIGURED: FACTORY[CONFIGURED]}


def entries_of(report: Any) -> dict[int, int]:
    """Event id to byte of one Report Event Configuration, which alone has entries."""
    return {int(row.event_id): int(row.configuration) for row in report.entries}


def test_MP078_604_9_requests_at_once_are_told_apart(target: Target) -> None:
    """Every code and as many that are not held, without waiting: each request gets its own answer."""

    async def talk(device: Any, _: Heard) -> list[Any]:
        both = zip(PUBLISHED_ORDER, range(0x8200, 0x8200 + len(PUBLISHED_ORDER)), strict=True)
        return await asyncio.gather(*(get(device, event) for pair in both for event in pair))

    answers = on_zigpy(target, talk)
    reports, refusals = answers[0::2], answers[1::2]
    assert [entries_of(report) for report in reports] == [{code: FACTORY[code]} for code in PUBLISHED_ORDER]
    assert {(refusal.command_id, refusal.status) for refusal in refusals} == {(5, Status.NOT_FOUND)}
    assert len(answers) == 88


def test_MP078_603_14_a_host_reads_the_security_log(target: Target) -> None:
    """Through zigpy's own cluster object, as CHF: Publish Event Log with the entry; NOT_FOUND while it is empty."""

    async def talk(device: Any, _: Heard) -> Any:
        events = device.endpoints[ENDPOINT].in_clusters[Cluster.EVENTS]
        window = (0, 0xFFFFFFFF, 0, 0)
        return await events.request(False, GET_LOG.id, GET_LOG.schema, 0x04, 0, *window, timeout=TIMEOUT_S, retries=0)

    assert on_zigpy(target, talk).status == Status.NOT_FOUND
    target.bench.raise_event(IN_SECURITY_LOG)
    log = on_zigpy(target, talk)
    assert isinstance(log, PUBLISH.schema)
    published: Any = log
    assert (published.total_matching_events, published.total_commands) == (1, 1)
    assert [(entry.log_id, entry.event_id, entry.data) for entry in published.entries] == [(4, IN_SECURITY_LOG, b"")]


def test_interview(target: Target) -> None:
    """By itself zigpy finds the endpoint with its clusters and reads who made it."""

    async def talk(device: Any, _: Heard) -> Any:
        return device

    device = on_zigpy(target, talk, interviewed=True)
    (endpoint,) = device.non_zdo_endpoints
    assert (endpoint.endpoint_id, endpoint.profile_id, int(endpoint.device_type)) == (ENDPOINT, PROFILE, DEVICE_ID)
    assert (sorted(endpoint.in_clusters), sorted(endpoint.out_clusters)) == (sorted(IN_CLUSTERS), sorted(OUT_CLUSTERS))
    assert (len(device.manufacturer), len(device.model)) == (4, 8)
