# The gas meter put together: stores, clusters, endpoints, and what it does of its own accord.

from micropython import const

from . import access, behaviour
from .clock import Clock
from .clusters import basic, device_management, identify, metering, mirror, supplier_updates, time, tunneling, zdo
from .clusters import events as events_cluster
from .cycle import WORK, Cycle
from .device_log import CHF_TYPE, GPF_TYPE, DeviceLog
from .events.configuration import EventConfiguration
from .events.logs import Logs
from .events.recorder import Recorder
from .gbcs.mailbox import Mailbox
from .han import OWN_ENDPOINT, Han
from .link import Link
from .store import parts, remote
from .store.image import Store
from .watch import Watch
from .zcl import frame
from .zcl.dispatch import Endpoint
from .zcl.reporting import Reports

try:
    from .clusters import bench
except ImportError:  # a production build
    bench = None

_SIMPLE_DESCRIPTOR = (
    b"\x01\x09\x01\x01\x05\x00"  # endpoint 1, profile 0109, device 0501 (metering device), version 0
    b"\x04\x00\x00\x03\x00\x02\x07\x09\x07"  # in: Basic, Identify, Metering, Events
    b"\x04\x0a\x00\x02\x07\x04\x07\x08\x07"  # out: Time, Metering, Tunneling, Device Management
)
_SLEEP_MS = const(200)  # longest wait for the line
_CRASH_LENGTH = const(64)  # as much as one answer on the HAN takes


class Gsme:
    FIRMWARE_VERSION = b"0.1.0"
    GBCS_VERSION = b"4.0 with MP078"
    ROLE = 0  # GBCS device type

    # Why run() ends
    REBOOT = const(1)
    LEAVE = const(2)

    # board: name, port, ticks, storage, led or None, pulses(), wait(ms), aes(key) -> cipher, random(n); and as
    #        on air: eui64 of a first start, given_eui64 of this one or None, chf_eui64, gpf_eui64. See board/unix.
    def __init__(self, board):
        self.board = board
        self.starts = 0
        self.last_crash = b""
        self.next_eui64 = board.eui64
        self._reports_due = False  # some may be: not all have been looked at in this second
        self.ending = None  # REBOOT or LEAVE: run() ends when all has been said
        self.clock = Clock(board.ticks)
        self.behaviour = behaviour.Behaviour()
        self.store = Store(board.storage)
        self.nodes = DeviceLog(((board.chf_eui64, CHF_TYPE), (board.gpf_eui64, GPF_TYPE)))
        self.link = Link(board.port, board.ticks)
        self.han = Han(self.link, self.nodes)
        self._build_events()
        self.register = metering.Register()
        self.mirror = mirror.Mirror(self.nodes, self.han, self.clock, self.register.attributes)
        self.tunnel = tunneling.Tunnel(self.nodes, self.han, self.recorder.raise_code, self.store.touch)
        self.identify = identify.Identify(board.led)
        self.reports = Reports(self.clock, self.store, self._open_report, self.han.send)
        self.endpoint = self.han.endpoint = Endpoint(self._clusters(), self.watch, self.han.take_answer)
        self.mailbox = Mailbox(self)
        if bench:
            self.han.bench = bench.Bench(self)
        self.store.begin(self, parts.ALL + remote.ALL)
        if not bench:
            self.behaviour.set(behaviour.MP078)
        self._start()

    # --- putting together

    def _build_events(self):
        self.events = EventConfiguration()
        self.logs = Logs()
        publisher = events_cluster.Publisher(self.nodes, self.han)
        self.recorder = Recorder(self.events, self.logs, self.clock, self.store, publisher.publish, self._alert)
        self.watch = Watch(self.clock, self.recorder.raise_code)

    def _clusters(self):
        self.supplier = supplier_updates.Supplier(self.register.attributes)
        management = device_management.DeviceManagement(
            self.events, self.behaviour, self.clock, self.store, self.supplier
        )
        logs = events_cluster.EventLogs(self.logs, self.recorder, self.behaviour)
        clusters = (
            basic.cluster(),
            identify.cluster(self.identify),
            metering.server(self.register, self.mirror),
            metering.client(),
            events_cluster.server(logs),
            device_management.client(management),
            tunneling.client(self.tunnel),
            time.client(),
        )
        for c in clusters:
            c.store = self.store
            c.reports = self.reports
        return clusters

    # With what has been kept restored: another start, under the identity that holds from it on.
    def _start(self):
        if self.board.given_eui64:
            self.next_eui64 = self.board.given_eui64
        self.starts += 1
        self.store.save()
        self._second = self.clock.running_s
        hub_time = time.TimeClient(self.clock, self.nodes, self.han, self.recorder.raise_code)
        self.cycle = Cycle(self.clock, hub_time, self.mirror, self.tunnel, self.mailbox)
        self.link.eui64 = self.next_eui64
        self.mailbox.set_identity(self.next_eui64)
        self.han.zdo = zdo.Zdo(self.link, self.next_eui64, {OWN_ENDPOINT: _SIMPLE_DESCRIPTOR})
        self.link.on_sync = self.han.zdo.announce

    # An event that the WAN is told of.
    def _alert(self, low, high, utc, data):
        self.mailbox.alerts.add(low, high, utc, data)
        self.mailbox.pending = True

    # Begins a report to a node, if it is still one that may read the attribute and be told of it.
    def _open_report(self, eui64, c, right):
        node = self.nodes.find(eui64)
        if node and access.may(node.column, access.CONFIGURE_REPORTING) and access.may(node.column, right):
            return self.han.tell(node, c.id, frame.GLOBAL | frame.SERVER_TO_CLIENT, frame.REPORT_ATTRIBUTES)
        return None

    # --- what the bench needs

    # The attribute of that cluster, whichever side of it the device has; None when there is none.
    def attribute(self, cluster_id, attribute_id):
        for c in self.endpoint.clusters.values():
            if c.id == cluster_id:
                row = c.attributes.row(attribute_id)
                if row is not None:
                    return row
        return None

    # faults map8: b0 event configuration unreadable, b1 Event Log, b2 Security Log; b3 storage refuses writes
    def inject(self, faults):
        self.events.unreadable = faults & 1
        self.logs.event.unreadable = faults & 2
        self.logs.security.unreadable = faults & 4
        self.store.refuses = faults & 8
        self.mailbox.pending = True  # what could not be kept

    def factory_reset(self):
        self.inject(0)
        self.last_crash = b""
        self.events.reset()
        self.logs.event.clear()
        self.logs.security.clear()
        self.nodes.reset()
        self.watch.marks.clear()
        self.reports.all.clear()
        self.behaviour.set(behaviour.MP078)
        self.mailbox.reset()
        self.cycle.reset()
        self.supplier.reset()
        for c in self.endpoint.clusters.values():
            c.attributes.reset()

    # Keeps the end of what is known about a crash. Returns REBOOT.
    def crashed(self, text):
        self.last_crash = text.encode()[-_CRASH_LENGTH:]
        self.store.save()
        return self.REBOOT

    # --- running

    # Serves until something ends it; returns REBOOT or LEAVE.
    def run(self):
        self.link.start()
        while True:
            due_ms = self.turn()
            if self.ending and self.link.idle():
                self.store.save()
                return self.ending
            self.board.wait(min(due_ms, _SLEEP_MS))

    # All that may be due, a slice of each. Returns the milliseconds until the next turn.
    def turn(self):
        due_ms = self.link.poll()
        self.clock.poll()
        if self.clock.running_s != self._second:
            self._each_second()
        if self._reports_due and self.link.has_room():
            self._reports_due = self.reports.poll()
            due_ms = 0
        if self.mailbox.pending:
            self.mailbox.poll()
            due_ms = 0
        if self.cycle.state == WORK:
            self.cycle.work()
        if self.store.dirty:
            self.store.commit()
        return due_ms

    def _each_second(self):
        passed_s = self.clock.running_s - self._second
        self._second = self.clock.running_s
        volume_dm3 = self.board.pulses()
        if volume_dm3:
            self.register.add(volume_dm3)
            self.store.touch()
        self.identify.tick(passed_s)
        if self.cycle.poll():
            self.store.touch()
        self._reports_due = True
