# The remote parties that the device knows: entity id, roles, and the secret that it shares with each (GBCS 4.3).
#
# A secret is given, or made from the party's public key: that takes many slices, and begins when the key is there.

from micropython import const

from ..crypto import ecdh, p256
from ..store.names import PARTIES
from ..zcl import status

SECRET = const(0)  # kind of key: ECDH shared secret
PUBLIC_KEY = const(1)  # P-256, x then y
KEY_LENGTHS = (32, 64)

SUPPLIER = const(0x01)  # roles
NETWORK_OPERATOR = const(0x02)
BROKER = const(0x04)
EVERY_ROLE = const(0x07)
_COLUMN = const(6)  # place of the first role's column in access
_MOST = const(8)


class Party:
    def __init__(self, entity_id):
        self.eui64 = entity_id  # big-endian, as in a message
        self.endpoint = 0
        self.column = 0
        self.give_roles(0)

    def give_roles(self, roles):
        self.roles = roles
        self.column = roles << _COLUMN

    def give_key(self, kind, key):
        self.kind = kind
        self.key = key


class Parties:
    # own_keys: OwnKeys; store: note()
    def __init__(self, own_keys, store):
        self._own_keys = own_keys
        self._store = store
        self.reset()

    def reset(self):
        self.all = []  # in order of enrolment
        self._agreement = None

    def find(self, entity_id):
        for party in self.all:
            if party.eui64 == entity_id:
                return party
        return None

    # The first party with that role, None when there is none.
    def first(self, role):
        for party in self.all:
            if party.roles & role:
                return party
        return None

    # Adds a party or gives one other roles and another key. Returns SUCCESS, INVALID_VALUE or INSUFFICIENT_SPACE.
    def enrol(self, entity_id, roles, kind, key):
        if kind == PUBLIC_KEY and not p256.valid(key):
            return status.INVALID_VALUE
        party = self.find(entity_id)
        if party is None and len(self.all) >= _MOST:
            return status.INSUFFICIENT_SPACE
        if roles & BROKER:
            self._replace_broker(entity_id)
        if party is None:
            party = Party(entity_id)
            self.all.append(party)
        party.give_roles(roles)
        party.give_key(kind, key)
        self._agreement = None
        return status.SUCCESS

    # There is one access control broker: the role leaves whoever had it.
    def _replace_broker(self, entity_id):
        former = self.first(BROKER)
        if former is None or former.eui64 == entity_id:
            return
        former.give_roles(former.roles & ~BROKER)
        if not former.roles:
            self.all.remove(former)

    # --- secrets out of public keys

    def _next(self):
        for party in self.all:
            if party.kind == PUBLIC_KEY:
                return party
        return None

    def has_work(self):
        return self._next() is not None

    # One slice.
    def poll(self):
        party = self._next()
        if self._agreement is None:
            self._agreement = ecdh.Agreement(self._own_keys.secret(self._own_keys.AGREEMENT), party.key)
        if self._agreement.poll():
            party.give_key(SECRET, self._agreement.result)
            self._agreement = None
            self._store.note(PARTIES)
