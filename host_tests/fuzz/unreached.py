"""Lines of the parsers that inputs do not reach, or only by luck, and why. That one is reached all the same is fine."""

from __future__ import annotations

from typing import Final, NamedTuple


class Reason(NamedTuple):
    """`function` with its classes; `text` is the line, stripped, empty for every line of the function."""

    file: str
    function: str
    text: str
    why: str


_NO_ZERO = (
    "only a frame with 254 octets without a zero comes here: an Event Log handed over by the tunnel in which every "
    "entry has data, and no time a zero. host_tests/unit/test_framer.py has them all"
)
_NO_ENCRYPTION = (
    "no use case that is served has encrypted components. host_tests/unit/test_encrypted_components.py calls it"
)
_EXCEPTION = "nothing that arrives makes a handler raise it: it would be a failure of the run"
_QUEUE = (
    "with four frames waiting no request is taken in, and the answers to one request are at most both logs: 200 "
    "entries of 24 octets, three in a frame of 95, 6.4 kB of 16"
)

REASONS: Final = (
    Reason("gsme/cobs.py", "encode", "buf[at] = _LONGEST", _NO_ZERO),
    Reason("gsme/cobs.py", "encode", "zero = at + _LONGEST", _NO_ZERO),
    Reason("gsme/cobs.py", "encode", "if zero < end:", _NO_ZERO),
    Reason("gsme/cobs.py", "encode", "end = _open_up(buf, zero, end)", _NO_ZERO),
    Reason("gsme/cobs.py", "_open_up", "", _NO_ZERO),
    Reason("gsme/gbcs/gbz.py", "seal", "", _NO_ENCRYPTION),
    Reason("gsme/gbcs/gbz.py", "unseal", "", _NO_ENCRYPTION),
    Reason("gsme/link.py", "Link._enqueue", "self.dropped += 1", _QUEUE),
    Reason("gsme/link.py", "Link._enqueue", "return", _QUEUE),
    Reason("gsme/zcl/dispatch.py", "Endpoint.serve", "result = status.INSUFFICIENT_SPACE", _EXCEPTION),
    Reason("gsme/zcl/dispatch.py", "Endpoint.serve", "result = status.HARDWARE_FAILURE", _EXCEPTION),
    Reason("gsme/zcl/dispatch.py", "Endpoint.serve", "result = status.SOFTWARE_FAILURE", _EXCEPTION),
    Reason(
        "gsme/zcl/discovery.py",
        "_may_discover",
        "return True",
        "there are two of them: no row of the access table lets one read an attribute of a cluster whose unknown "
        "attributes one may not read",
    ),
)
