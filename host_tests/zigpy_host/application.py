"""A zigpy radio whose air is the serial HAN link: zigpy is the Communications Hub, the meter its only node.

This file uses zigpy (GPL-3.0), installed separately as a development dependency.

What zigpy sees: a coordinator at 0x0000 and a device whose short address is the last two bytes of its EUI64.
What the meter sees: the CHF speaking under its link key. Two things are bent, both here and both only inbound:
zigpy drops every profile that it does not know, so Smart Energy (0109) arrives as Home Automation (0104), and
zigpy waits 28 s for any sleepy device whatever time-out it is given, so `awake` exists.
"""

import asyncio
from typing import Any, Final, cast

import zigpy.application
import zigpy.config as conf
import zigpy.device
import zigpy.types as t
import zigpy.zdo.types as zdo_t

import host_tests.zigpy_host.clusters  # noqa: F401  fills zigpy's registry, before any device is made
from host_tests.zigpy_host.wire import (
    APS_BROADCAST,
    APS_LINK_KEY,
    APS_NETWORK_KEY,
    BAUD,
    BROADCAST_EUI64,
    Frame,
    HanLink,
    LinkError,
)

CHF_EUI64: Final = 0x00DB1234567890A2
SMART_ENERGY: Final = 0x0109
HOME_AUTOMATION: Final = 0x0104
ZDO_PROFILE: Final = 0x0000
COORDINATOR: Final = 0x0000
METERING_DEVICE: Final = 0x0501
DEVICE_MANAGEMENT: Final = 0x0708
METER_ENDPOINT: Final = 1

# Clusters of the meter's endpoint (the serial HAN link: ZDO), for a device that is made without an interview.
METER_IN: Final = (0x0000, 0x0003, 0x0702, 0x0709)
METER_OUT: Final = (0x000A, 0x0702, 0x0708)

ANNOUNCE_WAIT_S: Final = 0.5  # a meter that announced itself to an earlier host does not do so again
INTERVIEW_TIMEOUT_S: Final = 15.0

_z: Any = t  # zigpy's integer types are not annotated

# The hub as zigpy must see itself: a mains-powered coordinator, receiver always on, 1500-byte transfers.
HUB_DESCRIPTOR: Final = bytes.fromhex("00 40 8F 0000 52 DC05 0000 DC05 00")


def configuration(port: str, baud: int = BAUD) -> dict[str, Any]:
    """A zigpy configuration that does nothing of its own accord: no database, backups, scans or OTA."""
    return {
        conf.CONF_DATABASE: None,
        conf.CONF_DEVICE: {conf.CONF_DEVICE_PATH: port, conf.CONF_DEVICE_BAUDRATE: baud},
        conf.CONF_OTA: {conf.CONF_OTA_ENABLED: False},
        conf.CONF_NWK_BACKUP_ENABLED: False,
        conf.CONF_TOPO_SCAN_ENABLED: False,
        conf.CONF_WATCHDOG_ENABLED: False,
        conf.CONF_STARTUP_ENERGY_SCAN: False,
    }


def eui64(value: int) -> t.EUI64:
    """An EUI64 in zigpy's form (8 bytes, as on air)."""
    return t.EUI64.deserialize(value.to_bytes(8, "little"))[0]


def short_address(value: int) -> t.NWK:
    """The short address that stands for an EUI64 on this link: its last two bytes."""
    return cast("t.NWK", _z.NWK(value & 0xFFFF))


def hub_descriptor() -> zdo_t.NodeDescriptor:
    """The hub's node descriptor (13 bytes on air)."""
    return zdo_t.NodeDescriptor.deserialize(HUB_DESCRIPTOR)[0]


def awake(device: zigpy.device.ZigbeeDevice) -> None:
    """Make zigpy keep to the time-outs that it is given for `device`.

    zigpy replaces any time-out by 28 s for a node without descriptor and for an end device. The link delivers while
    the meter sleeps, so the host's own copy of the descriptor may say that it listens all the time.
    """
    descriptor = device.node_desc or hub_descriptor()
    device.node_desc = cast("Any", descriptor).replace(logical_type=zdo_t.LogicalType.Router)


def frame_of(packet: t.ZigbeePacket) -> Frame | None:
    """The link frame that carries `packet`, or None for what is not for the meter.

    That is: packets to the hub itself, broadcasts to routers (it is an end device) and Green Power.
    """
    destination = cast("Any", packet.dst)
    broadcast, address = destination.addr_mode != t.AddrMode.NWK, int(destination.address)
    if packet.profile_id not in (ZDO_PROFILE, SMART_ENERGY, HOME_AUTOMATION):
        return None
    if address == COORDINATOR or (broadcast and address != t.BroadcastAddress.ALL_DEVICES):
        return None
    key = APS_NETWORK_KEY if packet.profile_id == ZDO_PROFILE else APS_LINK_KEY
    return Frame(
        peer=CHF_EUI64,
        peer_endpoint=int(packet.src_ep or 0),
        own_endpoint=int(packet.dst_ep or 0),
        profile=int(packet.profile_id),
        cluster=int(packet.cluster_id),
        aps=key | (APS_BROADCAST if broadcast else 0),
        asdu=bytes(packet.data.serialize()),
    )


class HanApplication(zigpy.application.ControllerApplication):
    """A `ControllerApplication` over one serial port: `startup` connects it, `meter` is the node on it."""

    def __init__(self, config: dict[str, Any], *, interviewed: bool = True) -> None:
        """Take a `configuration(port)`; nothing is opened yet.

        Not `interviewed`, the meter is made from what is known of it, which saves half a second.
        """
        super().__init__(config)
        self._interviewed = interviewed
        self._link = HanLink(self._frame_received)
        self.meter_eui64 = 0
        self._announced = asyncio.Event()
        self._meter_ready = asyncio.Event()

    # What zigpy asks of a radio.

    async def connect(self) -> None:
        """Open the port and SYNC; LinkError if there is no meter."""
        device = self._config[conf.CONF_DEVICE]
        self.meter_eui64 = await self._link.open(device[conf.CONF_DEVICE_PATH], device[conf.CONF_DEVICE_BAUDRATE])

    async def disconnect(self) -> None:
        """Close the port."""
        self._link.close()

    async def load_network_info(self, *, load_devices: bool = False) -> None:
        """Say who this hub is; there is no radio to ask."""
        self.state.node_info.nwk = _z.NWK(COORDINATOR)
        self.state.node_info.ieee = eui64(CHF_EUI64)
        self.state.node_info.logical_type = zdo_t.LogicalType.Coordinator
        self.state.network_info.channel = _z.uint8_t(11)

    async def start_network(self) -> None:
        """Add the coordinator as a device: zigpy asks itself for its own descriptor and clusters."""
        hub = self.add_device(eui64(CHF_EUI64), _z.NWK(COORDINATOR))
        hub.node_desc = hub_descriptor()
        hub.model, hub.manufacturer = "serial HAN link", "test bench"
        hub.add_endpoint(1).status = zigpy.endpoint.Status.ZDO_INIT
        hub.status = zigpy.device.Status.ENDPOINTS_INIT
        if not self._interviewed:
            self._add_known_meter()

    async def send_packet(self, packet: t.ZigbeePacket) -> None:
        """Put a packet on the line; DeliveryError if the meter does not take it."""
        frame = frame_of(packet)
        if frame is None:
            return
        try:
            await self._link.send(frame)
        except LinkError as error:
            raise zigpy.exceptions.DeliveryError(str(error)) from error

    async def write_network_info(self, *, network_info: Any, node_info: Any) -> None:
        """Nothing to write: there is no radio."""

    async def reset_network_info(self) -> None:
        """Nothing to reset: there is no radio."""

    async def add_endpoint(self, descriptor: zdo_t.SimpleDescriptor) -> None:
        """Nothing to register: frames of every endpoint arrive."""

    async def force_remove(self, dev: Any) -> None:
        """Nothing to tell the radio."""

    async def permit_ncp(self, time_s: int = 60) -> None:
        """Nothing to open: whoever has the line is on the network."""

    async def permit_with_link_key(self, node: Any, link_key: Any, time_s: int = 60) -> None:
        """Nothing to install: the link says which key a frame came under."""

    # What comes from the line.

    def _frame_received(self, frame: Frame) -> None:
        """Hand a frame for the hub, or for all, to zigpy; the bench line also carries frames for other nodes."""
        if frame.peer not in (CHF_EUI64, BROADCAST_EUI64):
            return
        if frame.cluster == zdo_t.ZDOCmd.Device_annce and frame.profile == ZDO_PROFILE:
            self._announced.set()
            if not self._interviewed:
                return  # it would start one
        self.packet_received(
            t.ZigbeePacket(
                src=t.AddrModeAddress(addr_mode=t.AddrMode.NWK, address=short_address(self.meter_eui64)),
                src_ep=_z.uint8_t(frame.own_endpoint),
                dst=t.AddrModeAddress(addr_mode=t.AddrMode.NWK, address=_z.NWK(COORDINATOR)),
                dst_ep=_z.uint8_t(frame.peer_endpoint),
                profile_id=_z.uint16_t(HOME_AUTOMATION if frame.profile == SMART_ENERGY else frame.profile),
                cluster_id=_z.uint16_t(frame.cluster),
                data=t.SerializableBytes(frame.asdu),
            )
        )

    # The device.

    async def meter(self) -> zigpy.device.ZigbeeDevice:
        """The meter, once zigpy has all it wants of it; TimeoutError if an interview does not end.

        An interview starts with the meter's device announce. A meter that has been up for longer announced itself to
        the host before this one, so after half a second the join is taken from the SYNC answer instead.
        """
        ieee, nwk = eui64(self.meter_eui64), short_address(self.meter_eui64)
        if self._interviewed:
            try:
                await asyncio.wait_for(self._announced.wait(), ANNOUNCE_WAIT_S)
            except TimeoutError:
                self.handle_join(nwk=nwk, ieee=ieee, parent_nwk=_z.NWK(COORDINATOR))
            await asyncio.wait_for(self._meter_ready.wait(), INTERVIEW_TIMEOUT_S)
        device = cast("zigpy.device.ZigbeeDevice", self.get_device(ieee=ieee))
        awake(device)
        return device

    def device_initialized(self, device: zigpy.device.BaseDevice) -> None:
        """What zigpy calls when an interview is complete, the hub's own included."""
        super().device_initialized(device)
        if device.nwk == short_address(self.meter_eui64):
            self._meter_ready.set()

    def _add_known_meter(self) -> None:
        device = self.add_device(eui64(self.meter_eui64), short_address(self.meter_eui64))
        endpoint = device.add_endpoint(METER_ENDPOINT)
        endpoint.profile_id, endpoint.device_type = SMART_ENERGY, cast("Any", METERING_DEVICE)
        for cluster in METER_IN:
            endpoint.add_input_cluster(cluster)
        for cluster in METER_OUT:
            endpoint.add_output_cluster(cluster)
        endpoint.status = zigpy.endpoint.Status.ZDO_INIT
        awake(device)
