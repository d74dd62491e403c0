"""Work on keys is cut into slices, between which the link is served: LINK rule 7, within 50 ms.

A slice of a scalar multiplication is a window of the scalar. That the slices are many, and that a read is answered
between any two of them, is shown here; how long one takes is for `make bench`.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from gsme_host.gbcs import protection
from gsme_host.gbcs.envelope import entity_id
from gsme_host.gbcs.party import OWN_IDS
from host_tests.unit.script import Scripts

FEWEST_SLICES: Final = 64  # of the 256 bits of a scalar at most four a slice


def test_reads_are_answered_while_a_key_is_agreed_and_an_alert_signed(scripts: Scripts) -> None:
    key = protection.public_octets(ec.generate_private_key(protection.CURVE))
    lines = scripts.run("long_work", f"{key.hex()} {entity_id(OWN_IDS['SUPPLIER']).hex()}\n")
    works = {name: [int(count) for count in counts] for name, *counts in map(str.split, lines)}
    assert list(works) == ["agreement", "signing"]
    for slices, reads, turns in works.values():
        assert slices >= FEWEST_SLICES
        assert reads >= turns == slices
