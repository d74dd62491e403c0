# The ESP32-H2 on an unchanged image of MicroPython's. Which line the link has is said in board_config.py.

import board_config as config
from board_parts import esp32

_port = esp32.line(config)  # one for the way back and the link: what the first has read is the second's


class Board(esp32.Board):
    def __init__(self):
        super().__init__(b"esp32_h2", _port, config)


def way_back():
    return esp32.wants_repl(config, _port)


def end(ending):
    esp32.end(ending)
