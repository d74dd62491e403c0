# The gas meter put together: stores, clusters, endpoints, and what it does of its own accord.

from micropython import const

from . import access, behaviour
from .clock import Clock
from .clusters import basic, device_management, identify, metering, mirror, supplier_updates, time, tunneling, zdo
from .clusters import events as events_cluster
from .cycle import WORK, Cycle
from .device_log import CHF_TYPE, GPF_TYPE, DeviceLog
from .events import catalogue
from .events.chain import KEY
from .events.configuration import EventConfiguration
from .events.logs import Logs
from .events.recorder import Recorder
from .gbcs.mailbox import Mailbox
from .han import OWN_ENDPOINT, Han
from .link import Link
from .store import names, parts, remote
from .store.anchor import Anchor
from .store.store import Store
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
_REGISTER_DM3 = const(10)  # gas that a loss of power may cost

_CHECK_VALUE = const(4)  # at the end of a provisioning file

# How the last run ended, until that is settled
_TOLD = const(0)
_CRASHED = const(1)  # has not been told yet
_HUNG = const(2)  # has been told, and the run behind it has served nobody so far


# The last characters of a text in UTF-8, so many bytes of it at most.
def _end_of(text, length):
    at = max(0, len(text) - length)
    while at < len(text) and text[at] & 0xC0 == 0x80:  # the rest of a character that has been cut
        at += 1
    return text[at:]


class NotProvisioned(Exception):
    pass


class Gsme:
    FIRMWARE_VERSION = b"0.1.0"
    GBCS_VERSION = b"4.0 with MP078"
    ROLE = 0  # GBCS device type

    # Why run() ends
    REBOOT = const(1)
    LEAVE = const(2)

    # board: name, port, ticks, flash, flash_word, led or None, pulses(), wait(ms), aes(key) -> cipher, random(n),
    #        feed(): the watchdog, watchdog_bit: it ended the last run; and as on air: eui64 of a first start,
    #        given_eui64 of this one or None, chf_eui64, gpf_eui64; provision() -> file of provision.py, or None;
    #        needs_provision: a production build without any serves nobody. See board/unix.
    def __init__(self, board):
        self.board = board
        self.starts = 0
        self.last_crash = b""
        self.untold = _TOLD
        self.provisioned = b""  # check value of the provisioning file that was taken
        self._complaint = ""  # about the one that is there
        self._after_crash = False  # this run follows one that crashed or hung
        self._gives_up = False  # it follows two that hung, and the second of them served nobody
        self.next_eui64 = board.eui64
        self._unkept_dm3 = 0  # gas that is not in what has been kept of the register
        self._reports_due = False  # some may be: not all have been looked at in this second
        self.ending = None  # REBOOT or LEAVE: run() ends when all has been said
        self.clock = Clock(board.ticks)
        self.behaviour = behaviour.Behaviour()
        self.store = Store(board)
        self.anchor = Anchor(self.store.flash)
        self.nodes = DeviceLog(((board.chf_eui64, CHF_TYPE), (board.gpf_eui64, GPF_TYPE)))
        self.link = Link(board.port, board.ticks)
        self.han = Han(self.link, self.nodes)
        self._build_events()
        self.register = metering.Register()
        self.mirror = mirror.Mirror(self.nodes, self.han, self.clock, self.register.attributes)
        self.tunnel = tunneling.Tunnel(self.nodes, self.han, self.recorder.raise_code, self.store)
        self.identify = identify.Identify(board.led)
        self.reports = Reports(self.clock, self.store, self._open_report, self.han.send)
        self.endpoint = self.han.endpoint = Endpoint(self._clusters(), self.watch, self.han.take_answer)
        self.mailbox = Mailbox(self)
        if bench:
            self.han.bench = bench.Bench(self)
        self._restore()
        self._provision()
        if not bench:
            self.behaviour.set(behaviour.MP078)
        self._start()

    # --- putting together

    def _build_events(self):
        self.events = EventConfiguration()
        self.logs = Logs()
        publisher = events_cluster.Publisher(self.nodes, self.han)
        self.recorder = Recorder(
            self.events, self.logs, self.clock, self.store, publisher.publish, self._alert, self._anchor
        )
        self.watch = Watch(self.clock, self.recorder, self.store)

    def _clusters(self):
        metered = metering.server(self.register, self.mirror)
        self._register = (metered, self.register.row)  # what is kept of the gas
        self.supplier = supplier_updates.Supplier(metered)
        management = device_management.DeviceManagement(
            self.events, self.behaviour, self.clock, self.store, self.supplier
        )
        logs = events_cluster.EventLogs(self.logs, self.recorder, self.behaviour)
        clusters = (
            basic.cluster(),
            identify.cluster(self.identify),
            metered,
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

    def _restore(self):
        self.logs.chain.give_key(self.board.random(KEY))  # if none has been kept
        whole = self.store.begin(self, parts.ALL + remote.ALL)
        self.anchor.mount()
        if not whole:
            self.events.unreadable = not self.events.known
        if self.logs.missing(self.anchor.newest):
            self.logs.continue_behind(self.anchor.newest, self.anchor.tag)
            whole = False
        if not whole:
            self.recorder.miss(catalogue.ERROR_NON_VOLATILE_MEMORY)

    # Who it is and whom it knows, if a file says so. The identity of a bench is nobody's in production.
    def _provision(self):
        image = self.board.provision()
        if image is not None and image[-_CHECK_VALUE:] != self.provisioned:
            from . import provision  # noqa: PLC0415  # a start that has nothing to take does without

            self._complaint = provision.apply(self, image)
        if not (bench or self.provisioned) and self.board.needs_provision:
            raise NotProvisioned(self._complaint or "no provisioning file")

    # With what has been kept restored: another start, under the identity that holds from it on.
    def _start(self):
        if self.board.given_eui64:
            self.next_eui64 = self.board.given_eui64
        self.starts += 1
        self.store.note(names.START)
        self._tell_of_last_run()
        self.store.commit()
        self._anchor(catalogue.SECURITY_LOG)
        self._second = self.clock.running_s
        hub_time = time.TimeClient(self.clock, self.nodes, self.han, self.recorder.raise_code)
        self.cycle = Cycle(self.clock, hub_time, self.mirror, self.tunnel, self.mailbox)
        self.link.eui64 = self.next_eui64
        self.mailbox.set_identity(self.next_eui64)
        self.han.zdo = zdo.Zdo(self.link, self.next_eui64, {OWN_ENDPOINT: _SIMPLE_DESCRIPTOR})
        self.link.on_sync = self.han.zdo.announce

    # A crash, or a loop that hung, is an event of the next run.
    def _tell_of_last_run(self):
        was = self.untold
        if self.board.watchdog_bit:
            self.store.touch(names.CRASH)
            self.last_crash = b"watchdog"
            self.untold = _HUNG
            self._after_crash = True
            self._gives_up = was == _HUNG
            self.recorder.raise_code(catalogue.WATCHDOG)
        elif was:
            self.store.touch(names.CRASH)
            self.untold = _TOLD
            if was == _CRASHED:
                self._after_crash = True
                self.recorder.raise_code(catalogue.UNEXPECTED_HARDWARE_RESET)

    # An entry of that log has been kept.
    def _anchor(self, log_id):
        security = self.logs.security
        anchor = self.anchor
        if log_id != catalogue.SECURITY_LOG or (anchor.newest, anchor.overwritten) == (security.next, security.first):
            return
        try:
            anchor.write(security.next, self.logs.tag, security.first, self.logs.tag_before_first)
        except OSError:
            pass  # the next entry, or the next start, tries again

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

    # The attribute of that cluster, and the side of it that has it; None and None when there is none.
    def attribute(self, cluster_id, attribute_id):
        for c in self.endpoint.clusters.values():
            if c.id == cluster_id:
                row = c.attributes.row(attribute_id)
                if row is not None:
                    return c, row
        return None, None

    # Holds from the next start on.
    def rename(self, eui64):
        self.next_eui64 = eui64

    # faults map8: b0 event configuration unreadable, b1 Event Log, b2 Security Log; b3 storage refuses writes
    def inject(self, faults):
        self.events.unreadable = faults & 1
        self.logs.event.unreadable = faults & 2
        self.logs.security.unreadable = faults & 4
        self.store.refuses = faults & 8
        self.mailbox.pending = True  # what could not be kept

    # Returns SUCCESS, or why it has not been done.
    def factory_reset(self):
        self.inject(0)
        self.store.format()
        self.store.commit()  # what was noted before is not to come back behind the reset
        self.store.add(names.RESET, b"")
        failure = self.store.commit()
        if not failure:
            self.cycle.reset()
            self._anchor(catalogue.SECURITY_LOG)
        return failure

    # All that is kept and that Factory Reset resets is as it left the factory.
    def forget(self):
        self.last_crash = b""
        self.events.reset()
        self.logs.event.clear()
        self.logs.clear_security()
        self.nodes.reset()
        self.watch.forget()
        self.recorder.forget()
        self.reports.all.clear()
        self.behaviour.set(behaviour.MP078)
        self.mailbox.reset()
        self.supplier.reset()
        for c in self.endpoint.clusters.values():
            c.attributes.reset()

    # Keeps the end of what is known of a crash. Returns REBOOT; or LEAVE where the run before crashed too and this one
    # has served nobody: a start that fails is not tried again and again.
    def crashed(self, text):
        self.last_crash = _end_of(text.encode(), _CRASH_LENGTH)
        self.untold = _CRASHED
        self.store.note(names.CRASH)
        self._close()
        return self.LEAVE if self._after_crash and not self.link.accepted else self.REBOOT

    # Keeps what is kept now and then.
    def _close(self):
        self.store.note(names.CLOCK)
        self._keep_register()
        self.store.commit()

    def _keep_register(self):
        self._unkept_dm3 = 0
        self.store.note(names.ATTRIBUTE, self._register)

    # --- running

    # Serves until something ends it; returns REBOOT or LEAVE. It is not tried again and again whether a turn hangs.
    def run(self):
        if self._gives_up:
            return self.LEAVE
        self.link.start()
        if self._after_crash:
            self.link.tell(self.last_crash)
        if self._complaint:
            self.link.tell(b"provisioning: " + self._complaint.encode())
        while True:
            due_ms = self.turn()
            if self.ending and self.link.idle():
                self._close()
                return self.ending
            self.board.wait(min(due_ms, _SLEEP_MS))

    # All that may be due, a slice of each. Returns the milliseconds until the next turn.
    def turn(self):
        due_ms = self.link.poll()
        self.clock.poll()
        if self.clock.running_s != self._second:
            self._each_second()
        if self.recorder.untold:
            self.recorder.tell()
        if self._reports_due and self.link.has_room():
            self._reports_due = self.reports.poll()
            due_ms = 0
        if self.mailbox.pending:
            self.mailbox.poll()
            due_ms = 0
        if self.cycle.state == WORK:
            self.cycle.work()
        if self.store.due:
            self.store.poll()
            due_ms = 0
        return due_ms

    def _each_second(self):
        self.board.feed()
        passed_s = self.clock.running_s - self._second
        self._second = self.clock.running_s
        volume_dm3 = self.board.pulses()
        if volume_dm3:
            self.register.add(volume_dm3)
            self._unkept_dm3 += volume_dm3
            if self._unkept_dm3 >= _REGISTER_DM3:
                self._keep_register()
        self.identify.tick(passed_s)
        if self.cycle.poll():
            self.store.note(names.CLOCK)
            if self._unkept_dm3:
                self._keep_register()
        self._reports_due = True
        if self.untold and self.link.accepted:
            self.untold = _TOLD
            self.store.note(names.CRASH)
        self._try_again()

    # What storage did not take.
    def _try_again(self):
        self.store.retry()
        if self.store.recovered:
            self.store.recovered = False
            self.recorder.raise_code(catalogue.ERROR_NON_VOLATILE_MEMORY)
        self.watch.retry()
        self.recorder.retry()
