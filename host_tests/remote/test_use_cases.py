"""Each use case: who may send it, what it may carry, what comes back. Through the tunnel, with parties of our own.

Sources: GBCS use case annex (roles, contents, responses), by the table of the host package; ZCL and ZSE for the frames.
What is refused gets no response and changes nothing: a role that is lacking is 8F53, contents that the code does not
allow are 8F1E, each at most once an originator and UTC day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from gsme_host.gbcs import commands, gbz
from gsme_host.gbcs.commands import READS
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.use_cases import BY_NAME, Role
from gsme_host.zcl import Cluster
from host_tests.judges.event_list import FACTORY, PUBLISHED_ORDER
from host_tests.support.remote_parties import NOW, Remote

LACKS_THE_ROLE: Final = 0x8F53
WRONG_CONTENTS: Final = 0x8F1E
ROLES: Final = (Role.SUPPLIER, Role.NETWORK_OPERATOR, Role.BROKER)
NAME: Final = "0400 00 42 06 7A7A7A7A7A7A"
ALL_CODES: Final = b"".join(code.to_bytes(2, "little") + bytes((FACTORY[code],)) for code in PUBLISHED_ORDER)
STATES: Final = "08 01 01 0806 00 30 03 0706 00 30 03"

# use case: content, the frames that answer it; None where what comes depends on the maker
CASES: Final[dict[str, tuple[bytes, Sequence[str | None]]]] = {
    "GCS20r": (commands.get_event_configuration(), ["01 00 04 00 01" + ALL_CODES.hex()]),
    "GCS20": (
        commands.set_event_configuration(NOW, {0x43: [0x8161], 0x0B: [0x81A4]}),
        ["00 00 0B 04 00", "00 01 0B 04 00"],
    ),
    "CS10a": (commands.get_event_log(), [None]),
    "CS10b": (commands.get_security_log(), [None]),
    "CS11": (commands.clear_event_log(), ["09 00 02 08"]),
    "GCS38": (commands.read(*READS["GCS38"]), ["08 00 01 0602 00 41 04 0123ABCD"]),
    "GCS33": (commands.read(*READS["GCS33"]), ["08 00 01 0502 00 21 6400 1400 00 30 02"]),
    "GCS46": (commands.read(*READS["GCS46"]), ["08 00 01 0703 00 41 00"]),
    "GCS21m": (commands.read(*READS["GCS21m"]), [None, STATES]),
    "GCS21e": (commands.read(*READS["GCS21e"]), [None, STATES]),
    "GCS41": (commands.update_site_id(NOW, b"1234567890"), ["00 00 0B 03 00"]),
    "GCS36": (commands.update_cin(NOW, b"1234"), ["00 00 0B 06 00"]),
    "GCS44": (commands.change_of_supplier(NOW, b"Supplier", b"0800"), ["00 00 0B 01 00"]),
}
UPDATES: Final = ("GCS20", "CS11", "GCS41", "GCS36", "GCS44")


def alerts(messages: Sequence[bytes]) -> list[int]:
    """The alert codes of messages that are all alerts."""
    parsed = [Message.parse(data) for data in messages]
    assert {one.cra for one in parsed} <= {Cra.ALERT}
    return [gbz.Alert.parse(one.content).code for one in parsed]


@pytest.mark.parametrize("use_case", CASES)
def test_the_roles_that_may_send_it_are_answered(remote: Remote, use_case: str) -> None:
    """And those that may not get nothing: 8F53 on the first of two tries, none on the second."""
    content, expected = CASES[use_case]
    served = 0
    for role in ROLES:
        if role in BY_NAME[use_case].roles:
            frames = remote.ask_all(use_case, content, role)
            assert len(frames) == len(expected)
            for frame, wanted in zip(frames, expected, strict=True):
                assert wanted is None or frame.encode() == bytes.fromhex(wanted)
            served += 1
            continue
        for recorded in ([LACKS_THE_ROLE], []):
            command = remote.head_end.command(use_case, content, role)
            assert alerts(remote.send(command)) == recorded, role.name
    assert served == len(list(BY_NAME[use_case].roles))


def test_contents_that_the_code_does_not_allow(remote: Remote) -> None:
    """Every use case's contents under every other's code: none is acted on, and 8F1E is recorded once."""
    before = remote.target.meter.ask("00 00 00 0703 1103", cluster=Cluster.METERING)
    came: list[int] = []
    swept = 0
    for code in CASES:
        for other, (content, _) in CASES.items():
            if other == code or allowed_by_both(code, other):
                continue
            role = next(iter(BY_NAME[code].roles))
            came += alerts(remote.send(remote.head_end.command(code, content, role)))
            swept += 1
    assert came == [WRONG_CONTENTS] * 2, "one for the Supplier and one for the broker, which sends GCS36"
    assert swept == len(CASES) * (len(CASES) - 1) - 1
    assert remote.target.meter.ask("00 00 00 0703 1103", cluster=Cluster.METERING) == before


def allowed_by_both(code: str, content: str) -> bool:
    """GCS21e reads all that GCS21m does, and one attribute more."""
    return (code, content) == ("GCS21e", "GCS21m")


ODD: Final = {  # use case, content: nearly what the code allows
    "a log of the GPF's that is not a copy": ("CS10a", "01 0709 0011 01 00 00 15 0000 00000000 FEFFFFFF 00 0000"),
    "the Security Log by CS10a": ("CS10a", "01 0709 0011 01 00 00 14 0000 00000000 FEFFFFFF 00 0000"),
    "both logs by CS10a": ("CS10a", "01 0709 0011 01 00 00 10 0000 00000000 FEFFFFFF 00 0000"),
    "the Event Log by CS10b": ("CS10b", "01 0709 0011 01 00 00 13 0000 00000000 FEFFFFFF 00 0000"),
    "both logs by CS10b": ("CS10b", "01 0709 0011 01 00 00 00 0000 00000000 FEFFFFFF 00 0000"),
    "GCS20 of a group": ("GCS20", "01 0708 000F 09 00 04 00000000 00000000 0B 01 FF81"),
    "GCS20 of a log": ("GCS20", "01 0708 000E 09 00 04 00000000 00000000 0B 02 03"),
    "GCS20 by match": ("GCS20", "01 0708 000E 09 00 04 00000000 00000000 0B 03 1B"),
    "GCS20r as a read of attributes": ("GCS20r", "01 0708 0005 08 00 00 0D81"),
    "GCS20r to the other side": ("GCS20r", "01 0708 0005 01 00 05 FF81"),
    "GCS20r with a manufacturer code": ("GCS20r", "01 0708 0007 0D F1FF 00 05 FF81"),
    "GCS20r without a Default Response": ("GCS20r", "01 0708 0005 19 00 05 FF81"),
    "GCS38 of another attribute too": ("GCS38", "01 0702 0007 00 00 00 0602 0000"),
    "GCS38 of the customer's number": ("GCS38", "01 0702 0005 00 00 00 1103"),
    "GCS46 as a write": ("GCS46", "01 0702 0008 00 00 02 0703 41 01 31"),
    "GCS33 of another cluster": ("GCS33", "01 0000 0005 00 00 00 0502"),
    "the bench's cluster": ("GCS33", "01 FC00 0005 00 00 00 0000"),
    "encrypted": ("GCS20r", "03 0708 0018 00 00 09 00 05 0011 31 00000000" + "00" * 12),
    "from a date-time on": ("GCS20r", "11 0708 0009 00000000 09 00 05 FF81"),
}


@pytest.mark.parametrize("odd", ODD)
def test_contents_that_are_nearly_right(remote: Remote, odd: str) -> None:
    """Nothing is done, nothing comes back but the alert 8F1E."""
    use_case, component = ODD[odd]
    content = bytes.fromhex("0109 01") + bytes.fromhex(component)
    gbz.parse(content)
    assert alerts(remote.send(remote.head_end.command(use_case, content))) == [WRONG_CONTENTS]


@pytest.mark.parametrize("use_case", CASES)
def test_updates_are_written_down(remote: Remote, use_case: str) -> None:
    """8154 with the message code as data, after the update is done; a read leaves nothing."""
    content, _ = CASES[use_case]
    role = next(iter(BY_NAME[use_case].roles))
    remote.ask_all(use_case, content, role)
    log = remote.target.meter.ask("01 00 00 13 0000 00000000 FFFFFFFF 00 0000", cluster=Cluster.EVENTS)[0]
    if use_case in UPDATES:
        assert log[8:11] == bytes.fromhex("03 5481")
        assert log[15:] == b"\x02" + BY_NAME[use_case].code.to_bytes(2, "big")
    else:
        assert log == bytes.fromhex("08 00 0B 00 8B")


def test_the_second_of_four_fails(remote: Remote) -> None:
    """The first is done, the second says why not, the others are not done and say FF 01; 8155 is written down."""
    content = commands.set_event_configuration(NOW, {0x43: [0x8161], 0xA0: [0x81A4], 0x0B: [0x81A5], 0x08: [0x810E]})
    frames = [frame.encode().hex(" ").upper() for frame in remote.ask_all("GCS20", content)]
    assert frames == ["00 00 0B 04 00", "00 01 0B 04 87", "00 02 0B FF 01", "00 03 0B FF 01"]
    read = remote.ask("GCS20r", commands.get_event_configuration()).payload[2:]
    bytes_of = {int.from_bytes(read[at : at + 2], "little"): read[at + 2] for at in range(0, len(read), 3)}
    assert bytes_of == FACTORY | {0x8161: 0x43}
    log = remote.target.meter.ask("01 00 00 13 0000 00000000 FFFFFFFF 00 0000", cluster=Cluster.EVENTS)[0]
    assert log[8:11] == bytes.fromhex("03 5581")


def test_nothing_to_report_does_not_stop_a_read(remote: Remote) -> None:
    """Two components of CS10b: nothing found, and nothing found again."""
    one = commands.get_security_log()[3:]
    content = bytes.fromhex("0109 02") + b"\x00" + one[1:] + one[:6] + b"\x01" + one[7:]
    frames = [frame.encode().hex(" ").upper() for frame in remote.ask_all("CS10b", content)]
    assert frames == ["08 00 0B 00 8B", "08 01 0B 00 8B"]


def test_what_is_set_is_read(remote: Remote) -> None:
    """SiteID by GCS41 and GCS46; CIN by GCS36 and on the HAN."""
    remote.ask("GCS41", commands.update_site_id(NOW, b"4000000001"))
    assert remote.ask("GCS46", commands.read(*READS["GCS46"])).payload[5:] == b"4000000001"
    remote.ask("GCS36", commands.update_cin(NOW, b"77"), Role.BROKER)
    assert remote.target.meter.ask("00 00 00 1103", cluster=Cluster.METERING)[0][7:] == b"\x0277"


def test_an_unknown_message_code(remote: Remote) -> None:
    """With a right MAC: malformed, no response."""
    message = remote.head_end.command("GCS20r", commands.get_event_configuration())
    for recorded, code in (([WRONG_CONTENTS], 0x0001), ([], 0xFFFF), ([], 0x00DA)):
        changed = Message(Cra.COMMAND, message.counter, message.originator, message.recipient, code, message.content)
        assert alerts(remote.send(remote.head_end.protect(changed))) == recorded
