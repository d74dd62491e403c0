# Boot: board, device, loop. What ends the loop unasked is kept, and shown by the next start.

import io
import sys

import board
from gsme.device import Gsme


def _traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


device = Gsme(board.Board())
try:
    ending = device.run()
except Exception as error:
    ending = device.crashed(_traceback(error))
board.end(ending)
