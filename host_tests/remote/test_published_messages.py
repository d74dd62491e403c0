"""The published messages as the head end's side reads them: whole, proved, and written again to the same bytes."""

from __future__ import annotations

import pytest

from gsme_host.eui64 import GSME
from gsme_host.gbcs import GbcsError, commands, gbz
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import BY_CODE
from host_tests.support import rtds

UTC = 0x1C374A80  # 2015-01-01, the time in the published commands


@pytest.fixture
def head_end() -> HeadEnd:
    """The published parties."""
    rtds.require()
    return HeadEnd(GSME, rtds.parties())


def test_every_message_is_read_and_written(head_end: HeadEnd) -> None:
    """26 messages: parsed and encoded to the same bytes, their payloads too, and every MAC holds."""
    read = 0
    for name, data in rtds.vectors().items():
        message = Message.parse(data)
        assert message.encode() == data, name
        if message.cra == Cra.COMMAND:
            assert head_end.protect(message) == message, name
        elif message.cra == Cra.ALERT:
            assert head_end.alert(data) == message, name
        else:
            command = Message(Cra.COMMAND, message.counter, message.recipient, GSME, message.code, b"")
            assert head_end.response(command, data) == message, name
        if message.cra != Cra.ALERT:
            assert gbz.encode(gbz.parse(message.content)) == message.content, name
        read += 1
    assert read == 26


BUILT = {  # vector: use case, content
    "GCS20r_6.2.10_SUCCESS_COMMAND": ("GCS20r", commands.get_event_configuration()),
    "CS11_3.3_SUCCESS_COMMAND": ("CS11", commands.clear_event_log()),
    "GCS38_11.2_SUCCESS_COMMAND": ("GCS38", commands.read(*commands.READS["GCS38"])),
    "GCS33_7.4_SUCCESS_COMMAND": ("GCS33", commands.read(*commands.READS["GCS33"])),
    "GCS41_6.20.1_SUCCESS_COMMAND": ("GCS41", commands.update_site_id(UTC, b"1234567890")),
    "GCS20_6.22_SUCCESS_COMMAND": (
        "GCS20",
        commands.set_event_configuration(
            UTC,
            {
                0x5B: [0x81AA, 0x81AB, 0x81C4],
                0x08: [0x810E],
                0x4B: [0x81BD, 0x81BE, 0x81BF, 0x81C0],
                0x43: [0x8161, 0x8162, 0x81C6],
            },
        ),
    ),
    "CS10a_6.13_SUCCESS_COMMAND": ("CS10a", None),
    "CS10b_6.13_SUCCESS_COMMAND": ("CS10b", None),
}


@pytest.mark.parametrize("name", BUILT)
def test_commands_are_built_to_the_byte(head_end: HeadEnd, name: str) -> None:
    """From use case, counter and content alone: the published command, MAC included."""
    use_case, content = BUILT[name]
    published = Message.parse(rtds.vectors()[name])
    if content is None:
        frame = gbz.parse(published.content)[0].zcl
        window = (int.from_bytes(frame.payload[at : at + 4], "little") for at in (3, 7))
        content = (commands.get_event_log if use_case == "CS10a" else commands.get_security_log)(*window)
    assert head_end.command(use_case, content, counter=published.counter) == published
    assert BY_CODE[published.code].name == use_case


def test_a_changed_octet_is_noticed(head_end: HeadEnd) -> None:
    """Any one octet of a response: it is no response to that command, or its MAC is wrong."""
    command = Message.parse(rtds.vectors()["GCS33_7.4_SUCCESS_COMMAND"])
    response = rtds.vectors()["GCS33_7.4_SUCCESS_RESPONSE"]
    for at in range(len(response)):
        with pytest.raises(GbcsError):
            head_end.response(command, response[:at] + bytes((response[at] ^ 1,)) + response[at + 1 :])
