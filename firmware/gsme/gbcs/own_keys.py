# The device's own P-256 keys, for key agreement and for signing, made from the board's randomness at first use.

from micropython import const

from ..crypto import ecdh, keys
from ..store.names import OWN_KEYS

_NOT_MADE = b""


class OwnKeys:
    AGREEMENT = const(0)
    SIGNING = const(1)

    # random(n) -> n bytes; store: note(), commit()
    def __init__(self, random, store):
        self._random = random
        self._store = store
        self.reset()

    def reset(self):
        self.secrets = [_NOT_MADE, _NOT_MADE]
        self._public = [_NOT_MADE, _NOT_MADE]

    def secret(self, use):
        if self.secrets[use] == _NOT_MADE:
            self.secrets[use] = keys.new_secret(self._random)
            self._store.note(OWN_KEYS)
            self._store.commit()  # before anybody hears of it
        return self.secrets[use]

    # x then y. The first time it is worked out at one go: only the bench asks for it.
    def public(self, use):
        if self._public[use] == _NOT_MADE:
            task = ecdh.OwnPublic(self.secret(use))
            while not task.poll():
                pass
            self._public[use] = task.result
        return self._public[use]
