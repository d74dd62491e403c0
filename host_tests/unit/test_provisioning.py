"""A provisioning file is taken whole or not at all, and a bad one changes nothing.

The expected bytes are the bench's commands' (the serial HAN link, version 1: The bench cluster), put together here.
"""

from __future__ import annotations

import binascii
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gsme_host.eui64 import CHF, GPF, GSME
from host_tests.unit.script import Scripts

OWN: Final = bytes.fromhex("B19078563412DB00")
NODES: Final = (
    bytes.fromhex("B29078563412DB0002"),
    bytes.fromhex("B39078563412DB0003"),
    bytes.fromhex("B49078563412DB0005"),
)
PUBLIC: Final = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
)
SECRET: Final = bytes(range(32))
SUPPLIER: Final = bytes.fromhex("01000000A5A5A500") + b"\x01\x00\x20" + SECRET
BROKER: Final = bytes.fromhex("04000000A5A5A500") + b"\x04\x01\x40" + PUBLIC
IDENTITY: Final = b"\x01\x08" + OWN
DEVICES: Final = b"".join(b"\x02\x09" + node for node in NODES)
PARTIES: Final = b"\x03\x2b" + SUPPLIER + b"\x03\x4b" + BROKER
HEAD: Final = b"GSMP\x01"
NOBODY: Final = bytes(8)
HIGHEST_TYPE: Final = 6


def file(records: bytes) -> bytes:
    """A file of those records, its check value right."""
    return (HEAD + records) + binascii.crc32(HEAD + records).to_bytes(4, "little")


def _with_a_type_for_its_check_value() -> bytes:
    """An EUI64 for the last record, such that the check value behind it begins with a device type."""
    candidates = (n.to_bytes(8, "little") for n in range(1, 10_000))
    return next(one for one in candidates if file(IDENTITY + b"\x02\x09" + one)[-4] <= HIGHEST_TYPE)


WHOLE: Final = file(IDENTITY + DEVICES + PARTIES)

LIES: Final = {  # the check value is right, and it is none all the same
    "NO_IDENTITY": DEVICES + PARTIES,
    "NOTHING": b"",
    "IDENTITY_TWICE": IDENTITY + IDENTITY,
    "IDENTITY_NOT_FIRST": DEVICES + IDENTITY,
    "IDENTITY_SHORT": b"\x01\x07" + OWN[:7],
    "IDENTITY_LONG": b"\x01\x09" + OWN + b"\0",
    "IDENTITY_NOBODY": b"\x01\x08" + NOBODY,
    "IDENTITY_EVERYBODY": b"\x01\x08" + b"\xff" * 8,
    "UNKNOWN_KIND": IDENTITY + b"\x04\x01\x00",
    "KIND_0": IDENTITY + b"\x00\x00",
    "LENGTH_BEYOND_THE_END": IDENTITY + DEVICES[:-11] + b"\x02\x0a" + NODES[2],
    "LENGTH_INTO_THE_CHECK_VALUE": IDENTITY + b"\x02\x09" + _with_a_type_for_its_check_value(),
    "LENGTH_ALONE": IDENTITY + b"\x02",
    "DEVICE_SHORT": IDENTITY + b"\x02\x08" + NODES[0][:8],
    "DEVICE_TYPE_7": IDENTITY + DEVICES + b"\x02\x09" + NODES[0][:8] + b"\x07",
    "DEVICE_NOBODY": IDENTITY + b"\x02\x09" + NOBODY + b"\x02",
    "PARTY_EMPTY": IDENTITY + b"\x03\x00",
    "PARTY_SHORT": IDENTITY + b"\x03\x2a" + SUPPLIER[:-1],
    "PARTY_WITHOUT_ROLES": IDENTITY + b"\x03\x2b" + SUPPLIER[:8] + b"\x00" + SUPPLIER[9:],
    "PARTY_ROLE_8": IDENTITY + b"\x03\x2b" + SUPPLIER[:8] + b"\x08" + SUPPLIER[9:],
    "PARTY_NOBODY": IDENTITY + b"\x03\x2b" + NOBODY + SUPPLIER[8:],
    "KEY_KIND_2": IDENTITY + b"\x03\x2b" + SUPPLIER[:9] + b"\x02" + SUPPLIER[10:],
    "KEY_OF_THE_OTHER_LENGTH": IDENTITY + b"\x03\x2b" + SUPPLIER[:9] + b"\x01" + SUPPLIER[10:],
    "KEY_NOT_ON_THE_CURVE": IDENTITY + DEVICES + b"\x03\x4b" + BROKER[:-1] + bytes((BROKER[-1] ^ 1,)),
    "DEVICE_33": IDENTITY + b"".join(b"\x02\x09" + bytes((n,)) + NODES[2][1:] for n in range(33)),
    "PARTY_9": IDENTITY + b"".join(b"\x03\x2b" + bytes((n,)) + SUPPLIER[1:] for n in range(9)),
}


class Told(NamedTuple):
    """What provisioning.py tells after a file."""

    said: str
    identity: str
    nodes: str
    parties: str
    taken: str
    restored: str


def take(sources: Scripts, *files: bytes | tuple[int, bytes]) -> list[Told]:
    """One device takes those files in that order; with (0, file) while its storage refuses writes."""
    pairs = [given if isinstance(given, tuple) else (1, given) for given in files]
    lines = sources.run("provisioning", "".join(f"{works} {image.hex()}\n" for works, image in pairs))
    told = [Told(*line.split("|")) for line in lines]
    assert len(told) == len(files)
    assert all(one.restored == "True" for one in told), "a start restores what was there before it"
    return told


FACTORY: Final = (GSME.hex(), ",".join(sorted((CHF.hex() + "02", GPF.hex() + "03"))), "", "")
PROVISIONED: Final = (
    OWN.hex(),
    ",".join(sorted(node.hex() for node in NODES)),
    (SUPPLIER[7::-1] + b"\x01\x00" + SECRET).hex() + "," + (BROKER[7::-1] + b"\x04\x01" + PUBLIC).hex(),
    WHOLE[-4:].hex(),
)


def test_a_whole_file_says_all_that_is_known(sources: Scripts) -> None:
    """Identity, nodes and parties are the file's; the bench's hub, which was there, is a stranger."""
    (told,) = take(sources, WHOLE)
    assert told[:5] == ("", *PROVISIONED)


def test_the_same_file_is_taken_once_and_another_in_its_place(sources: Scripts) -> None:
    other = file(IDENTITY + DEVICES[:11])
    told = take(sources, WHOLE, WHOLE, other, WHOLE)
    assert told[0] == told[1] == told[3]
    assert told[2][1:5] == (OWN.hex(), NODES[0].hex(), "", other[-4:].hex())


def test_a_file_cut_anywhere_or_longer_or_with_one_bit_changed_changes_nothing(sources: Scripts) -> None:
    bad = [WHOLE[:end] for end in range(len(WHOLE))]
    bad += [WHOLE + bytes(n) for n in range(1, 9)]
    bad += [WHOLE[:at] + bytes((WHOLE[at] ^ 1 << at % 8,)) + WHOLE[at + 1 :] for at in range(len(WHOLE))]
    told = take(sources, *bad)
    assert {one[1:5] for one in told} == {FACTORY}
    assert {one.said for one in told} == {"damaged", "no provisioning file"}
    assert len(told) == 2 * len(WHOLE) + 8


def test_a_file_that_lies_is_refused_whole(sources: Scripts) -> None:
    """Also by a device that has been provisioned, which goes on as it was."""
    told = take(sources, *map(file, LIES.values()), WHOLE, *map(file, LIES.values()))
    before, whole, after = told[: len(LIES)], told[len(LIES)], told[len(LIES) + 1 :]
    for name, fresh, provisioned in zip(LIES, before, after, strict=True):
        assert fresh.said, name
        assert fresh.said == provisioned.said, name
        assert fresh[1:5] == FACTORY, name
        assert provisioned[1:5] == whole[1:5] == PROVISIONED, name


def test_what_is_said_names_the_record(sources: Scripts) -> None:
    names = ("UNKNOWN_KIND", "DEVICE_SHORT", "DEVICE_TYPE_7", "NOTHING", "KEY_NOT_ON_THE_CURVE", "DEVICE_33")
    said = [one.said for one in take(sources, *(file(LIES[name]) for name in names))]
    assert said == ["record 2: kind", "record 2: length", "record 5: value", "no identity", "status 87", "status 89"]


def test_storage_that_takes_nothing_leaves_all_as_it_was_until_it_works(sources: Scripts) -> None:
    refused, taken = take(sources, (0, WHOLE), WHOLE)
    assert refused[:5] == ("status C0", *FACTORY)
    assert taken[:5] == ("", *PROVISIONED)


def test_a_power_cut_at_any_operation_leaves_all_of_it_or_nothing(sources: Scripts) -> None:
    """And the next start with the file takes it."""
    cuts = [line.split() for line in sources.run("provisioning_cuts", WHOLE.hex())]
    before, complete = cuts[0][0], cuts[-1][0]
    assert before.startswith(GSME.hex())
    assert complete.startswith(OWN.hex())
    assert {after for after, _ in cuts} == {before, complete}
    assert {taken for _, taken in cuts} == {complete}
    assert len(cuts) > 1
