# Alerts (GBCS 16): events that the WAN is told of, as messages to the Supplier. They wait until the hub has taken them.
#
#   payload  0109 | n u8 | alert code u16 | time u32 | content, where n is 1        all big-endian
#
# Critical ones are signed, others have a MAC. Each takes the next count of the device's own when it is made. Counts are
# reserved ahead, a block at a time: a loss of power skips some, and none is used twice.

from hashlib import sha256

from micropython import const

from ..crypto import ecdsa
from ..events import catalogue
from ..store.names import ALERTS
from . import envelope, gbz, protection
from .parties import SUPPLIER

_MOST = const(16)
_COUNTER = const(8)
_RESERVED_AHEAD = const(16)

_GENERIC_CRITICAL = b"\x10\x00"  # message codes
_GENERIC = b"\x10\x01"
_SIGNED = const(1)  # a signature does not cover the first octet of G

# alert code: message code, what stands before the content, length of the content
_OWN_CONTENT = {
    0x8F66: (b"\x00\xcd", b"\x0e", 14),  # a future-dated command: what it was
    0x8F67: (b"\x00\xcd", b"\x0e", 14),
    0x8F1C: (b"\x00\xcf", b"\x09\x20", 32),  # firmware: the hash of its image
    0x8F72: (b"\x00\xcf", b"\x09\x20", 32),
    0x81A0: (b"\x00\xf2", b"", 2),  # integrity issue: the reason
}


def _plus(counter, n):
    return (int.from_bytes(counter, "big") + n).to_bytes(_COUNTER, "big")


# The message code, and what follows the time. data: of the event; zeros stand for what it does not say.
def _kind(low, high, data):
    row = _OWN_CONTENT.get(high << 8 | low)
    if row is None:
        return _GENERIC_CRITICAL if high == catalogue.CRITICAL else _GENERIC, b""
    code, before, length = row
    return code, before + (data if len(data) == length else bytes(length))


class Alerts:
    # parties: Parties; own_keys: OwnKeys; guard: Protection; store: Store
    def __init__(self, parties, own_keys, guard, store):
        self._parties = parties
        self._own_keys = own_keys
        self._guard = guard
        self._store = store
        self.entity_id = None  # the device's own, as in a message
        self.reserve(bytes(_COUNTER))
        self.reset()

    # The counter goes on: with the same keys given again, a count must not come twice.
    def reset(self):
        self.waiting = []  # (low, high, UTC as on the HAN, data), oldest first
        self.dropped = 0
        self.forget_made()

    # Counts up to this one may have been used.
    def reserve(self, counter):
        self.counter = bytes(counter)  # of the last message of the device's own
        self.reserved = self.counter  # what may be used without asking again; big-endian, they compare as bytes

    # What has been made of the oldest: the message, complete or not, belongs to the supplier of now.
    def forget_made(self):
        self.made = None
        self._signing = None

    # An event that the WAN is told of.
    def add(self, low, high, utc, data):
        if self._parties.first(SUPPLIER) is None:
            return
        self._store.touch(ALERTS)
        if len(self.waiting) >= _MOST:
            self.dropped += 1
        else:
            self.waiting.append((low, high, utc, data))

    # The hub has the oldest one.
    def delivered(self):
        self.waiting.pop(0)
        self.forget_made()
        self._store.note(ALERTS)

    # --- making the oldest one

    def has_work(self):
        if not self.waiting or self.made is not None or self._store.status():
            return False
        return self._parties.first(SUPPLIER) is not None

    # One slice.
    def poll(self):
        if self._signing is None:
            self._begin()
        elif self._signing.poll():
            self._finish(bytes((len(self._signing.result),)) + self._signing.result)

    def _begin(self):
        supplier = self._parties.first(SUPPLIER)
        if not self._count():
            return
        low, high, utc, data = self.waiting[0]
        code, content = _kind(low, high, data)
        payload = gbz.PROFILE + bytes((1 if content else 0, high, low)) + bytes(reversed(utc)) + content
        counter = bytes(self.counter)
        head = envelope.head(envelope.ALERT, counter, self.entity_id, supplier.eui64, code, len(payload))
        self._g = head + payload
        if high == catalogue.CRITICAL:
            digest = sha256(self._g[_SIGNED:]).digest()
            self._signing = ecdsa.Signing(self._own_keys.secret(self._own_keys.SIGNING), digest)
        else:
            self._finish_with_mac(supplier, counter)

    # Takes the next count, if it is reserved or can be.
    def _count(self):
        if self.counter == self.reserved:
            if self._store.keep(ALERTS, None, self._reserve):
                return False
        self.counter = _plus(self.counter, 1)
        return True

    def _reserve(self):
        self.reserved = _plus(self.counter, _RESERVED_AHEAD)

    def _finish(self, signature):
        self.made = self._g + signature
        self._signing = None

    def _finish_with_mac(self, supplier, counter):
        g = self._g + b"\x00"
        mac = self._guard.mac(supplier.key, protection.OF_ALERT, self.entity_id, counter, supplier.eui64, g)
        self.made = envelope.mac_head(len(g)) + g + mac
