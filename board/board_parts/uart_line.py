# The link on a UART of its own: full speed, and the REPL stays free.

from micropython import const

_BITS_A_BYTE = const(10)  # start, eight, stop
_MS = const(1000)


# uart: a machine.UART whose reads wait for nothing; it has a buffer for what is to be sent if no write may wait
class UartLine:
    def __init__(self, uart, baud):
        self.stream = uart  # what can be polled
        self._uart = uart
        self._baud = baud

    def readinto(self, buf):
        return self._uart.readinto(buf) if self._uart.any() else 0

    def write(self, buf, offset, count):
        return self._uart.write(buf, offset, count)

    def wire_ms(self, count):
        return count * _BITS_A_BYTE * _MS // self._baud
