# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# What a power cut leaves of a program or an erase. MicroPython.
#
# `done` bytes of it were done when the power went. Of the rest:
#   AS_WAS    nothing
#   ZERO      every bit is clear
#   NOISE     any bit may be clear; of an erase any may be set
#   SHUFFLED  nothing, but what was done are words from anywhere in it; of an erase it is the end that was done

AS_WAS = 0
ZERO = 1
NOISE = 2
SHUFFLED = 3

_MULTIPLIER = 6364136223846793005
_MASK = (1 << 62) - 1
_ERASED = b"\xff" * 256


# Numbers that a seed determines.
class Noise:
    def __init__(self, seed):
        self._state = seed * _MULTIPLIER + 1442695040888963407 & _MASK

    # Below `bound`.
    def below(self, bound):
        self._state = self._state * _MULTIPLIER + 1442695040888963407 & _MASK
        return (self._state >> 24) % bound

    def pick(self, choices):
        return choices[self.below(len(choices))]

    def octets(self, count):
        return bytes([self.below(256) for _ in range(count)])


# Programs data into view, which only clears bits.
def program(view, data):
    if view == b"\xff" * len(data):
        view[:] = data
    else:
        for i in range(len(data)):
            view[i] &= data[i]


def erase(view):
    for start in range(0, len(view), len(_ERASED)):
        some = min(len(_ERASED), len(view) - start)
        view[start : start + some] = _ERASED[:some]


# Leaves a part of a program of data in view.
def tear_program(view, data, word, done, tail, seed):
    if tail == SHUFFLED:
        _program_words(view, data, word, done, Noise(seed))
        return
    program(view[:done], data[:done])
    if tail == ZERO:
        view[done:] = bytes(len(data) - done)
    elif tail == NOISE:
        program(view[done:], Noise(seed).octets(len(data) - done))


def _program_words(view, data, word, done, noise):
    places = list(range(0, len(data), word))
    for _ in range(done // word):
        at = places.pop(noise.below(len(places)))
        program(view[at : at + word], data[at : at + word])


# Leaves a part of an erase in view.
def tear_erase(view, done, tail, seed):
    if tail == SHUFFLED:
        erase(view[len(view) - done :])
        return
    erase(view[:done])
    if tail == ZERO:
        view[done:] = bytes(len(view) - done)
    elif tail == NOISE:
        noise = Noise(seed)
        for i in range(done, len(view)):
            view[i] |= noise.below(256)
