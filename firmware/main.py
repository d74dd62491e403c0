# Boot: a way back to the REPL, then board, device, loop. What ends the loop unasked is kept; the next start tells it.

import gc
import io
import sys

import micropython

# A 03 that comes now may be of a frame, and waits: board.way_back() looks at it, and says what it means from then on.
micropython.kbd_intr(-1)

# What stays for good is packed together: rubbish between it would leave the heap in pieces.
gc.threshold(2048)

import board  # noqa: E402


def _traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


# What fails before the loop runs leaves the line to the REPL, with its traceback: a start is not tried again and again.
def _serve():
    from gsme.device import Gsme  # noqa: PLC0415  # whatever is wrong with it, the way back comes first

    device = Gsme(board.Board())
    gc.collect()
    gc.threshold(-1)
    try:
        ending = device.run()
    except KeyboardInterrupt:
        ending = device.LEAVE
    except Exception as error:
        text = _traceback(error)
        print(text)  # noqa: T201  # for whoever is at the REPL
        ending = device.crashed(text)
    board.end(ending)


if not board.way_back():
    _serve()
