"""Ask a meter for its event configuration (GCS20r, group 81FF) the way a stock zigpy host does.

This file uses zigpy (GPL-3.0), installed separately as a development dependency.

    python -m host_tests.zigpy_host.ask PORT [--timeout S] [--event HEX] [--interview] [--baud N]

Run from the root of the project. Prints one line of JSON: what zigpy's own `Device.request` returned or raised.

    {"result": "ReportEventConfiguration", "commands": 2, "entries": {"810D": "18", ...}, "ms": 3.9}
    {"result": "DefaultResponse", "command_id": 5, "status": "NOT_FOUND", "ms": 4.1}
    {"result": "TimeoutError", "seconds": 2.0}

zigpy files a pending request under endpoint, cluster, inverted direction and sequence number. A Default Response
whose direction bit is not the inverse of the request's matches nothing, and the caller runs into the time-out
(MP078-604-9). Exit status: 0 for any of the three, 1 if the meter cannot be reached or its interview fails.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from typing import Any, Final, cast

import zigpy.device
from zigpy.exceptions import ZigbeeException
from zigpy.zcl.foundation import ZCLHeader

from host_tests.zigpy_host.application import DEVICE_MANAGEMENT, METER_ENDPOINT, HanApplication, configuration
from host_tests.zigpy_host.clusters import DeviceManagement
from host_tests.zigpy_host.wire import BAUD, LinkError

WHOLE_GROUP: Final = 0x81FF  # every event of the group 81xx (GBCS GCS20r)
REPORT: Final = DeviceManagement.ServerCommandDefs.report_event_configuration
GET: Final = DeviceManagement.ClientCommandDefs.get_event_configuration
TIMEOUT_S: Final = 2.0
POLL_S: Final = 0.005
ERROR: Final = "error"

Answer = dict[str, Any]


class _Reports:
    """Collects every Report Event Configuration that reaches the application.

    zigpy gives its caller the first one only, and drops a second that comes before the caller has run.
    """

    def __init__(self) -> None:
        self.commands: list[Any] = []

    def handle_message(self, _device: Any, _profile: int, cluster: int, _src: int, _dst: int, asdu: bytes) -> None:
        """What zigpy tells the listeners of an application about a packet."""
        header, payload = ZCLHeader.deserialize(asdu)
        if cluster == DEVICE_MANAGEMENT and header.frame_control.is_cluster and header.command_id == REPORT.id:
            self.commands.append(REPORT.schema.deserialize(payload)[0])


async def ask(device: zigpy.device.ZigbeeDevice, event_id: int, timeout_s: float) -> Answer:
    """One Get Event Configuration through `Device.request`, no retries; the answer as JSON would have it."""
    cluster = device.endpoints[METER_ENDPOINT].out_clusters[DEVICE_MANAGEMENT]
    reports = _Reports()
    device.application.add_listener(reports)
    started = time.monotonic()
    try:
        # Explicitly no DDR bit: zigpy would set it for what it sends as a server (19 instead of 09).
        first = await cluster.request(
            False, GET.id, GET.schema, event_id, disable_default_response=False, timeout=timeout_s, retries=0
        )
    except TimeoutError:
        return {"result": "TimeoutError", "seconds": round(time.monotonic() - started, 1)}
    milliseconds = round((time.monotonic() - started) * 1000, 1)
    if not isinstance(first, REPORT.schema):
        return {**_default_response(first), "ms": milliseconds}
    while len(reports.commands) < cast("Any", first).total_commands and time.monotonic() < started + timeout_s:
        await asyncio.sleep(POLL_S)
    return {**_report(reports.commands), "ms": milliseconds}


def _default_response(answer: Any) -> Answer:
    return {
        "result": type(answer).__name__,
        "command_id": int(answer.command_id),
        "status": answer.status.name,
    }


def _report(commands: list[Any]) -> Answer:
    entries = [entry for command in commands for entry in command.entries]
    return {
        "result": "ReportEventConfiguration",
        "commands": len(commands),
        "entries": {f"{entry.event_id:04X}": f"{entry.configuration:02X}" for entry in entries},
    }


def describe(device: zigpy.device.ZigbeeDevice) -> Answer:
    """What an interview found out: endpoints with their clusters, model, manufacturer."""
    endpoints = {}
    for endpoint in device.non_zdo_endpoints:
        endpoints[str(endpoint.endpoint_id)] = {
            "profile": f"{endpoint.profile_id:04X}",
            "device": f"{endpoint.device_type:04X}",
            "in": [f"{cluster:04X}" for cluster in sorted(endpoint.in_clusters)],
            "out": [f"{cluster:04X}" for cluster in sorted(endpoint.out_clusters)],
        }
    return {
        "eui64": f"{int.from_bytes(device.ieee.serialize(), 'little'):016X}",
        "model": device.model,
        "manufacturer": device.manufacturer,
        "endpoints": endpoints,
    }


async def run(port: str, event_id: int, timeout_s: float, *, interview: bool, baud: int = BAUD) -> Answer:
    """Connect, ask, disconnect. LinkError, TimeoutError (interview) or ZigbeeException if that fails."""
    app = HanApplication(configuration(port, baud), interviewed=interview)
    await app.startup()
    try:
        device = await app.meter()
        found = {"interview": describe(device)} if interview else {}
        return {**found, **await ask(device, event_id, timeout_s)}
    finally:
        await app.shutdown()


def main(arguments: list[str] | None = None) -> int:
    """The program; returns its exit status."""
    parser = argparse.ArgumentParser(description="Ask a meter for its event configuration with a stock zigpy host.")
    parser.add_argument("port", help="the meter's port: a tty or any URL that pyserial opens")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds to wait (default %(default)s)")
    parser.add_argument("--event", type=lambda text: int(text, 16), default=WHOLE_GROUP, help="event id (81FF)")
    parser.add_argument("--baud", type=int, default=BAUD, help="speed of the port (default %(default)s)")
    parser.add_argument("--interview", action="store_true", help="find endpoints and model first, and print them")
    options = parser.parse_args(arguments)
    try:
        asking = run(options.port, options.event, options.timeout, interview=options.interview, baud=options.baud)
        answer = asyncio.run(asking)
    except (LinkError, TimeoutError, ZigbeeException) as error:
        answer = {"result": ERROR, "reason": str(error) or "the interview did not end"}
    sys.stdout.write(json.dumps(answer) + "\n")
    return 1 if answer["result"] == ERROR else 0


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # zigpy warns of what is asked for here
    sys.exit(main())
