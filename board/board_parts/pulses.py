# A gas meter's contact on a pin: each closing is a pulse. Counted in an interrupt, which takes no memory.

from micropython import const

_MASK = const(0x3FFFFFFF)  # what is a small number everywhere


class Pulses:
    # pin: machine.Pin with a pull-up; falling: its IRQ_FALLING; dm3: gas of a pulse
    def __init__(self, pin, falling, dm3):
        self._dm3 = dm3
        self._all = 0  # only the interrupt changes it
        self._seen = 0
        self._pin = pin
        pin.irq(self._closed, falling)

    def _closed(self, pin):
        self._all = (self._all + 1) & _MASK

    # Litres since the last call.
    def volume_dm3(self):
        closed = self._all
        volume_dm3 = ((closed - self._seen) & _MASK) * self._dm3
        self._seen = closed
        return volume_dm3
