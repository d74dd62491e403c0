# The device's own P-256 keys, for key agreement and for signing, made from the board's randomness at first use.

from micropython import const

from ..crypto import ecdh, keys

_NOT_MADE = b""


class OwnKeys:
    AGREEMENT = const(0)
    SIGNING = const(1)

    # random(n) -> n bytes; touch(): something that is kept has changed
    def __init__(self, random, touch):
        self._random = random
        self._touch = touch
        self.reset()

    def reset(self):
        self.secrets = [_NOT_MADE, _NOT_MADE]
        self._public = [_NOT_MADE, _NOT_MADE]

    def secret(self, use):
        if self.secrets[use] == _NOT_MADE:
            self.secrets[use] = keys.new_secret(self._random)
            self._touch()
        return self.secrets[use]

    # x then y. The first time it is worked out at one go: only the bench asks for it.
    def public(self, use):
        if self._public[use] == _NOT_MADE:
            task = ecdh.OwnPublic(self.secret(use))
            while not task.poll():
                pass
            self._public[use] = task.result
        return self._public[use]
