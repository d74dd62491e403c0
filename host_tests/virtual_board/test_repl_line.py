"""The link on the REPL's stream: every byte value passes, in order, and nothing is allocated.

Source: the serial HAN link, rule 8. The script locks MicroPython's heap, so that an allocation would end it.
"""

from __future__ import annotations

from host_tests.virtual_board import parts

ALL_VALUES = bytes(range(256))


def test_every_byte_value_passes_without_an_allocation() -> None:
    given = ALL_VALUES * 20 + bytes(reversed(ALL_VALUES))
    assert parts.run("echo_line", given) == b"given back first" + given


def test_keys_of_the_repl_are_bytes_like_any_other() -> None:
    given = b"\x01\x02\x03\x04\r\n\x03\x03\x05A\x01" * 30
    assert parts.run("echo_line", given) == b"given back first" + given
