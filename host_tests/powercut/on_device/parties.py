# ruff: noqa: D100, D101, D102, INP001
# mypy: ignore-errors
# Remote parties and the messages that they send to the meter (GBCS 6.2, 7.2). MicroPython.

import cryptolib

from gsme.gbcs import envelope, protection

SUPPLIER = bytes.fromhex("00A5A5A500000001")  # entity ids, big-endian
OPERATOR = bytes.fromhex("00A5A5A500000002")
BROKER = bytes.fromhex("00A5A5A500000004")
SECRETS = {entity: bytes([entity[7]]) * 16 + bytes(range(16)) for entity in (SUPPLIER, OPERATOR, BROKER)}
ROLES = {SUPPLIER: 1, OPERATOR: 2, BROKER: 4}

# Use cases: message code, cluster, frame control, command
SET_EVENTS = (0x00AD, 0x0708, 0x09, 0x04)  # GCS20
GET_EVENTS = (0x00F1, 0x0708, 0x09, 0x05)  # GCS20r
CLEAR_LOG = (0x0015, 0x0709, 0x01, 0x01)  # CS11
SITE_ID = (0x0087, 0x0708, 0x09, 0x03)  # GCS41
CIN = (0x0083, 0x0708, 0x09, 0x06)  # GCS36
CHANGE_OF_SUPPLIER = (0x0088, 0x0708, 0x09, 0x01)  # GCS44
SECURITY_LOG = (0x00A1, 0x0709, 0x01, 0x00)  # CS10b

_COMMAND = 1  # CRA flag, and what a key is for

_guard = protection.Protection(lambda key: cryptolib.aes(key, 1))


# What the bench enrols a party with.
def enrolment(entity):
    return bytes(reversed(entity)) + bytes((ROLES[entity], 0, 32)) + SECRETS[entity]


# Of octets that the use case carries in each component.
def _payload(use_case, payloads):
    _, cluster, control, command = use_case
    image = bytearray((0x01, 0x09, len(payloads)))
    for number, payload in enumerate(payloads):
        frame = bytes((control, number, command)) + payload
        last = number == len(payloads) - 1
        image.extend(bytes((last, cluster >> 8, cluster & 255, len(frame) >> 8, len(frame) & 255)) + frame)
    return image


# A command of the originator's to the meter with that entity id, with the broker's MAC.
def message(use_case, originator, counter, meter, *payloads):
    content = _payload(use_case, payloads)
    code = use_case[0].to_bytes(2, "big")
    count = counter.to_bytes(8, "big")
    g = envelope.head(_COMMAND, count, originator, meter, code, len(content)) + content + b"\x00"
    mac = _guard.mac(SECRETS[BROKER], _COMMAND, originator, count, meter, g)
    return envelope.mac_head(len(g)) + g + mac


# The same with a wrong MAC.
def forged(whole):
    return whole[:-1] + bytes((whole[-1] ^ 1,))
