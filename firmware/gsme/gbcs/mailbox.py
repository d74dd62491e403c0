# Messages on their way through the device: taken from the tunnel, proved, done, answered; and alerts.
#
# The order of checks (GBCS 6.2.4; what goes wrong is recorded as the watch says):
#   well formed, addressed to this device · MAC · originator known · its role · replay · contents

from micropython import const

from ..events import catalogue
from ..store.names import COUNTERS
from . import alerts, envelope, execution, gbz, own_keys, parties, protection, use_cases

LONGEST = const(1499)  # a transfer of 1500 octets less the one in front of the message
_CODE = const(2)
_MOST_COUNTERS = const(16)
_MOST_REFUSALS = const(6)  # two a cycle
_NO_SIGNATURE = const(0)


class Mailbox:
    # device: store, watch, recorder, endpoint, link; board: aes(key) -> cipher, random(n) -> bytes
    def __init__(self, device):
        self._device = device
        self.own_keys = own_keys.OwnKeys(device.board.random, device.store)
        self.parties = parties.Parties(self.own_keys, device.store)
        self._guard = protection.Protection(device.board.aes)
        self.alerts = alerts.Alerts(self.parties, self.own_keys, self._guard, device.store)
        self._execution = execution.Execution(device.endpoint)
        self._message = envelope.Envelope()
        self._component = gbz.Component()
        self._in = memoryview(bytearray(LONGEST))
        self._out = memoryview(bytearray(LONGEST))
        self.pending = True  # there may be work
        self.highest = {}  # message code u16 and originator: its highest counter that was accepted
        self._forget()

    def reset(self):
        self.own_keys.reset()
        self.parties.reset()
        self.alerts.reset()
        self.highest.clear()
        self._forget()

    def _forget(self):
        self._taken = 0  # length of the message that is being worked on
        self._response = None
        self._offers_response = False
        self._refusals = 0

    # The device's EUI64 of this start, as on air.
    def set_identity(self, eui64):
        self.alerts.entity_id = self._entity_id = bytes(reversed(eui64))

    # See Parties.enrol; what has been made for the supplier of before is made anew.
    def enrol(self, entity_id, roles, kind, key):
        self.alerts.forget_made()
        self.pending = True
        return self.parties.enrol(entity_id, roles, kind, key)

    # --- the tunnel's side

    # A message has come; view it is valid during the call.
    def take(self, message):
        if len(message) > LONGEST:
            self._device.watch.malformed()
            return
        self._in[: len(message)] = message
        self._taken = len(message)
        self.pending = True

    def response_waiting(self):
        return self._response is not None

    # What goes to the hub next, responses before alerts; None when there is nothing.
    def waiting(self):
        self._offers_response = self._response is not None
        return self._response if self._offers_response else self.alerts.made

    # The hub has not taken what waiting() returned last, and says so.
    def refused(self):
        self._refusals += 1
        if self._refusals >= _MOST_REFUSALS:
            self.drop()

    # Gives it up.
    def drop(self):
        self.alerts.dropped += not self._offers_response
        self.delivered()

    # The hub has what waiting() returned last.
    def delivered(self):
        self._refusals = 0
        if self._offers_response:
            self._response = None
        else:
            self.alerts.delivered()
            self.pending = True

    # --- work

    def has_work(self):
        return self._taken > 0 or self.parties.has_work() or self.alerts.has_work()

    # One slice: secrets first, for they prove the rest.
    def poll(self):
        if self.parties.has_work():
            self.parties.poll()
        elif self._taken:
            self._handle(self._in[: self._taken])
            self._taken = 0
        elif self.alerts.has_work():
            self.alerts.poll()
        self.pending = self.has_work()

    def _handle(self, image):
        message = self._message
        watch = self._device.watch
        if not message.parse(image):
            watch.malformed()
        elif message.recipient != self._entity_id:
            return
        else:
            originator = self._proved(message)
            if originator is None:
                watch.unproved()
            else:
                self._obey(message, originator)

    # The originator, if the MAC and its enrolment prove it. The MAC is the access control broker's.
    def _proved(self, message):
        broker = self.parties.first(parties.BROKER)
        if broker is None or message.mac is None or not self._guard.holds(broker.key, message):
            return None
        return self.parties.find(message.originator)

    def _obey(self, message, originator):
        watch = self._device.watch
        row = use_cases.find(message.code)
        if row is None or message.cra != envelope.COMMAND:
            watch.malformed()
            watch.unfit(originator)
        elif not use_cases.permits(row, originator.column):
            watch.unauthorised(originator)
        elif self._is_replay(message, row):
            return
        elif not gbz.well_formed(message.content, self._component):
            watch.malformed()
            watch.unfit(originator)
        elif len(message.signature) or not use_cases.allows(row, message.content, self._component):
            watch.unfit(originator)
        else:
            self._accept(message, row)
            self._execute(message, row, originator)

    # --- protection against replay

    def _is_replay(self, message, row):
        return use_cases.is_protected(row) and message.counter <= self.highest.get(_purpose(message), b"")

    # Keeps the counter before anything is done. Where the store takes nothing, the handler says so.
    def _accept(self, message, row):
        if use_cases.is_protected(row):
            self._device.store.keep(COUNTERS, None, self._count, _purpose(message), message.counter)

    def _count(self, purpose, counter):
        if purpose not in self.highest and len(self.highest) >= _MOST_COUNTERS:
            self._forget_counters()
        self.highest[purpose] = counter

    # Of those that are not enrolled any more.
    def _forget_counters(self):
        for purpose in list(self.highest):
            if self.parties.find(purpose[_CODE:]) is None:
                del self.highest[purpose]

    # --- doing and answering

    def _execute(self, message, row, originator):
        update = use_cases.is_update(row)
        end = LONGEST - envelope.BEHIND
        run = self._execution
        end = run.run(originator, not update, message.content, self._out, envelope.BEFORE, end)
        if update:
            code = catalogue.HAN_COMMAND_FAILED if run.failed else catalogue.HAN_COMMAND_ACTIONED
            self._device.recorder.raise_code(code, message.other[:_CODE])
        if end:
            self._respond(message, originator, end)

    # Puts the envelope around the answer's payload, which ends at self._out[end].
    def _respond(self, message, party, end):
        out = self._out
        head = envelope.head(
            envelope.RESPONSE, message.counter, self._entity_id, party.eui64, message.other, end - envelope.BEFORE
        )
        start = envelope.BEFORE - len(head)
        out[start : envelope.BEFORE] = head
        out[end] = _NO_SIGNATURE
        g = out[start : end + 1]
        mac = self._guard.mac(party.key, protection.OF_RESPONSE, self._entity_id, message.counter, party.eui64, g)
        out[end + 1 : end + 1 + len(mac)] = mac
        head = envelope.mac_head(len(g))
        out[start - len(head) : start] = head
        self._response = out[start - len(head) : end + 1 + len(mac)]


def _purpose(message):
    return message.other[:_CODE] + message.originator
