# ECDH on P-256 (NIST SP 800-56A 5.7.1.2), in slices: poll() does a part of the work and is true when .result is there.

from . import p256


def _x(found):
    return p256.octets(found[0])


def _x_and_y(found):
    return p256.octets(found[0]) + p256.octets(found[1])


class _Task:
    def __init__(self, secret, p, image):
        self._work = p256.Multiplication(secret, p)
        self._image = image
        self.result = None

    def poll(self):
        if not self._work.poll():
            return False
        found = p256.affine(self._work.result)
        self.result = None if found is None else self._image(found)
        return True


# Z, 32 octets; None where the public key, x then y, is not one.
class Agreement(_Task):
    def __init__(self, secret, public):
        super().__init__(secret, p256.point(public) or p256.INFINITY, _x)


# The public key, x then y, of a secret.
class OwnPublic(_Task):
    def __init__(self, secret):
        super().__init__(secret, p256.G, _x_and_y)
