# Boot: board, device, loop. What ends the loop unasked is kept, and shown by the next start.

import gc
import io
import sys

# What stays for good is packed together: rubbish between it would leave the heap in pieces.
gc.threshold(2048)

import board  # noqa: E402
from gsme.device import Gsme  # noqa: E402


def _traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


device = Gsme(board.Board())
gc.collect()
gc.threshold(-1)
try:
    ending = device.run()
except Exception as error:
    ending = device.crashed(_traceback(error))
board.end(ending)
