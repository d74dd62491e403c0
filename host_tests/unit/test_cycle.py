"""The sleepy meter's half hour, second by second: what it says to the hub, and what it does when nobody answers.

Sources: GBCS 10.2 and 10.3; ZSE D.3 (mirror), D.6 (tunnel). Run on the meter's own clock, which the script moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pytest

from gsme_host.eui64 import GSME
from gsme_host.gbcs import commands
from gsme_host.gbcs.envelope import Message, entity_id
from gsme_host.gbcs.head_end import HeadEnd
from host_tests.support.remote_parties import with_secrets
from host_tests.unit.script import Scripts

HALF_HOUR_S: Final = 1800
ANSWER_S: Final = 10
TIME: Final = "000A"
METERING: Final = "0702"
TUNNELING: Final = "0704"
READ_TIME: Final = "00000000100"
REQUEST_MIRROR: Final = "01"
CONFIGURE_MIRROR: Final = "08"
REPORT: Final = "0A"
COMPLETE: Final = "feff3001"
REQUEST_TUNNEL: Final = "00"
CLOSE_TUNNEL: Final = "01"
TRANSFER: Final = "02"
GET: Final = "010001"
PUT: Final = "010003"
PENDING: Final = 0x00200000


@dataclass
class Said:
    """One frame of the meter's."""

    who: str
    cluster: str
    asdu: str

    @property
    def tsn(self) -> str:
        """Sequence number, two digits."""
        return self.asdu[2:4]

    @property
    def is_for(self) -> tuple[str, str]:
        """Cluster and command."""
        return self.cluster, self.asdu[4:6].upper()

    @property
    def payload(self) -> str:
        """What is behind the header."""
        return self.asdu[6:]


@dataclass
class Story:
    """Steps for the meter, written down before they are run; `expect` is what each has to bring."""

    scripts: Scripts
    steps: list[str] = field(default_factory=list)

    def tell(self, *steps: str) -> list[list[Said]]:
        """Runs all steps so far and these; returns what the meter said to the new ones."""
        self.steps += steps
        lines = self.scripts.run("cycle", "".join(f"{step}\n" for step in self.steps))
        return [_said(line) for line in lines[-len(steps) :]]


def _said(line: str) -> list[Said]:
    return [] if line == "-" else [Said(*part.split()) for part in line.split(" | ")]


def asked(said: list[Said]) -> list[tuple[str, str]]:
    """Cluster and command of each frame."""
    return [one.is_for for one in said]


@pytest.fixture
def story(scripts: Scripts) -> Story:
    """A meter that has just started."""
    return Story(scripts)


# The meter's sequence numbers count what it says of its own accord, from 1 on: so the answers can be written down.
GRANTED: Final = "gpf 0702 11{tsn}010200"
REFUSED: Final = "gpf 0702 11{tsn}01ffff"
FLAGS: Final = "gpf 0702 11000902{flags}" + "00" * 16
OPENED: Final = "chf 0704 19{tsn}000100{status}dc05"


def flags(word: int) -> str:
    """Mirror Report Attribute Response."""
    return FLAGS.format(flags=word.to_bytes(4, "little").hex())


def test_a_cycle_begins_every_half_hour_of_running_time(story: Story) -> None:
    """Not a second before; and again half an hour later."""
    quiet, began, again, second = story.tell("pass 1799", "pass 1", "pass 1799", "pass 1")
    assert quiet == again == []
    assert asked(began) == [(TIME, "00"), (METERING, REQUEST_MIRROR)]
    assert asked(second) == [(TIME, "00"), (METERING, REQUEST_MIRROR)]


def test_the_first_cycle_makes_the_mirror(story: Story) -> None:
    """Request Mirror, Configure Mirror (1800 s, scheme B), all that changes, FFFE = 01 last; no flag: asleep."""
    woken, granted, slept, later = story.tell("wake", GRANTED.format(tsn="02"), flags(0), "pass 1799")
    assert woken[1] == Said("gpf", METERING, "090201")
    assert asked(granted) == [(METERING, CONFIGURE_MIRROR), *[(METERING, REPORT)] * (len(granted) - 1)]
    assert granted[0].payload == "804a371c" + "080700" + "01" + "02"
    assert [one.payload.endswith(COMPLETE) for one in granted[1:]] == [False] * (len(granted) - 2) + [True]
    assert slept == []
    assert later == []


def test_the_next_cycles_report_to_it(story: Story) -> None:
    """No request, no configuration: the reports, and the flags again."""
    *_, second, slept = story.tell("wake", GRANTED.format(tsn="02"), flags(0), "pass 1800", flags(0))
    assert asked(second)[0] == (TIME, "00")
    assert set(asked(second)[1:]) == {(METERING, REPORT)}
    assert slept == []


def test_a_gas_proxy_that_grants_no_mirror(story: Story) -> None:
    """Refused: no report, and asked again half an hour later."""
    _, refused, later = story.tell("wake", REFUSED.format(tsn="02"), "pass 1800")
    assert refused == []
    assert (METERING, REQUEST_MIRROR) in asked(later)


def test_an_answer_under_another_number_is_not_the_mirrors(story: Story) -> None:
    """8B is not said, as it wants no Default Response; the right one is still taken."""
    _, wrong, right = story.tell("wake", GRANTED.format(tsn="7F"), GRANTED.format(tsn="02"))
    assert wrong == []
    assert asked(right)[0] == (METERING, CONFIGURE_MIRROR)


def test_a_gas_proxy_that_is_gone(story: Story) -> None:
    """Nobody answers for ten seconds: asleep, and all anew at the next wake; a mirror that was there is asked for."""
    *_, waited, woken = story.tell("wake", GRANTED.format(tsn="02"), flags(0), "wake", f"pass {ANSWER_S}", "wake")
    assert waited == []
    assert asked(woken) == [(TIME, "00"), (METERING, REQUEST_MIRROR)]


def test_a_wake_during_a_cycle_is_ignored(story: Story) -> None:
    """While the time is asked for, while the flags are waited for, while the tunnel is."""
    steps = ("wake", "wake", GRANTED.format(tsn="02"), "wake", flags(PENDING), "wake")
    assert [asked(said)[:1] for said in story.tell(*steps)[1::2]] == [[], [], []]


def test_a_hub_that_does_not_tell_the_time_does_not_hold_up_the_mirror(story: Story) -> None:
    woken, granted = story.tell("wake", GRANTED.format(tsn="02"))
    assert asked(woken)[0] == (TIME, "00")
    assert asked(granted)[-1] == (METERING, REPORT)


def test_the_flag_leads_to_the_tunnel_and_nothing_else_does(story: Story) -> None:
    """Bit 21 alone: any other bit of the word, and the meter sleeps."""
    steps = ["wake", GRANTED.format(tsn="02"), flags(0)]
    others = [1 << bit for bit in range(32) if 1 << bit != PENDING]
    for word in others:
        steps += ["wake", flags(word)]
    came = story.tell(*steps, "wake", flags(PENDING))
    assert came[4:-1:2] == [[]] * len(others)
    assert asked(came[-1]) == [(TUNNELING, REQUEST_TUNNEL)]
    assert came[-1][0].payload == "06ffff00dc05"


def open_tunnel(status: str = "00") -> list[str]:
    """The steps up to the answer to Request Tunnel, which is the meter's seventh frame."""
    return ["wake", GRANTED.format(tsn="02"), flags(PENDING), OPENED.format(tsn="06", status=status)]


def test_an_open_tunnel_is_asked_for_messages_until_none_waits(story: Story) -> None:
    """GET; nothing: asleep. In the next cycle the same tunnel is used."""
    *_, opened, nothing, second = story.tell(*open_tunnel(), "chf 0704 1908010100" + "0200", "pass 1800")
    assert asked(opened)[-1] == (TUNNELING, TRANSFER)
    assert opened[-1].payload == GET
    assert nothing == []
    assert (TUNNELING, REQUEST_TUNNEL) not in asked(second)


@pytest.mark.parametrize("status", ["01", "03", "04", "77"], ids=["busy", "protocol", "flow control", "reserved"])
def test_a_tunnel_that_is_refused_is_asked_for_when_next_awake(story: Story, status: str) -> None:
    """Nothing more in this cycle but 81BA, which the GPF is told of."""
    *_, refused, quiet, second, pending = story.tell(*open_tunnel(status), "pass 1799", "pass 1", flags(PENDING))
    assert (TUNNELING, REQUEST_TUNNEL) not in asked(refused)
    assert [one.payload[2:6] for one in refused if one.cluster == "0709"] == ["ba81"]
    assert [one for one in quiet if one.cluster == TUNNELING] == []
    assert (METERING, REPORT) in asked(second)
    assert asked(pending) == [(TUNNELING, REQUEST_TUNNEL)]


def test_a_get_that_nobody_answers(story: Story) -> None:
    """Ten seconds, then asleep; at the next wake another tunnel is asked for."""
    *_, waited, _, pending = story.tell(*open_tunnel(), f"pass {ANSWER_S}", "pass 1790", flags(PENDING))
    assert waited == []
    assert asked(pending) == [(TUNNELING, REQUEST_TUNNEL)]


def test_no_ids_left(story: Story) -> None:
    """The tunnel that answered no more is closed, and another asked for, once in a cycle."""
    steps = [*open_tunnel(), f"pass {ANSWER_S}", "pass 1790", flags(PENDING)]
    tsn = Story(story.scripts).tell(*steps)[-1][-1].tsn
    *_, refused = story.tell(*steps, OPENED.format(tsn=tsn, status="02"))
    close = next(one for one in refused if one.is_for == (TUNNELING, CLOSE_TUNNEL))
    assert close.payload == "0100"
    closed, again = Story(story.scripts, list(story.steps)).tell(f"chf 0704 18{close.tsn}0b0100", "pass 1")
    assert asked(closed) == [(TUNNELING, REQUEST_TUNNEL)]
    assert again == []
    (last,) = Story(story.scripts, [*story.steps, f"chf 0704 18{close.tsn}0b0100"]).tell(
        OPENED.format(tsn=closed[0].tsn, status="02")
    )
    assert [one for one in last if one.cluster == TUNNELING and one.asdu[:2] != "00"] == []


def test_a_close_that_is_refused_is_written_down(story: Story) -> None:
    """81A4; the tunnel is asked for all the same."""
    steps = [*open_tunnel(), f"pass {ANSWER_S}", "pass 1790", flags(PENDING)]
    tsn = Story(story.scripts).tell(*steps)[-1][-1].tsn
    *_, refused = story.tell(*steps, OPENED.format(tsn=tsn, status="02"))
    close = next(one for one in refused if one.is_for == (TUNNELING, CLOSE_TUNNEL))
    (said,) = story.tell(f"chf 0704 18{close.tsn}0b018b")
    assert [one.payload[2:6] for one in said if one.cluster == "0709"] == ["a481"]
    assert (TUNNELING, REQUEST_TUNNEL) in asked(said)


@pytest.fixture
def supplied(story: Story) -> Story:
    """A meter with a Supplier and a broker, and a tunnel with a message in it."""
    parties = with_secrets()
    story.steps += [
        f"party {entity_id(one.entity).hex()} {role.value:X} {one.z.hex()}" for role, one in parties.items()
    ]
    return story


def gcs20r() -> Message:
    """A Supplier's command."""
    return HeadEnd(GSME, with_secrets()).command("GCS20r", commands.get_event_configuration())


def fetched() -> list[str]:
    """The steps up to a message that was handed over, the last one."""
    return [*open_tunnel(), "chf 0704 19080101000200" + gcs20r().encode().hex()]


def puts(said: list[Said]) -> list[Said]:
    """The PUTs among what was said."""
    return [one for one in said if one.is_for == (TUNNELING, TRANSFER) and one.payload.startswith(PUT)]


def test_the_response_is_put_and_proved_by_its_default_response(supplied: Story) -> None:
    *_, handed = supplied.tell(*fetched())
    (put,) = puts(handed)
    done, later = supplied.tell(f"chf 0704 18{put.tsn}0b0200", "pass 1800")
    assert done == []
    assert puts(later) == []


def test_a_put_without_a_default_response_is_proved_by_a_get(supplied: Story) -> None:
    """Two seconds, then GET; its answer proves that the hub has heard the PUT."""
    *_, handed, waited, quiet = supplied.tell(*fetched(), "pass 1", "pass 1")
    assert len(puts(handed)) == 1
    assert waited == []
    assert [one.payload for one in quiet] == [GET]
    answered, later = supplied.tell(f"chf 0704 19{quiet[0].tsn}0101000200", "pass 1800")
    assert answered == []
    assert puts(later) == []


def test_a_wake_does_not_wait_for_a_default_response_to_a_put(supplied: Story) -> None:
    """GET at once: what it brings proves the PUT, and may be another message."""
    *_, handed, woken = supplied.tell(*fetched(), "wake")
    assert len(puts(handed)) == 1
    assert [one.payload for one in woken] == [GET]
    (second,) = supplied.tell(f"chf 0704 19{woken[0].tsn}0101000200" + gcs20r().encode().hex())
    assert len(puts(second)) == 1


def test_a_put_that_nothing_proves_is_put_again_at_the_next_wake(supplied: Story) -> None:
    """Neither Default Response nor GET-RESPONSE: asleep after them; another tunnel, the same response."""
    *_, handed, waited, _, slept = supplied.tell(*fetched(), "pass 12", "pass 1787", flags(0))
    (first,) = puts(handed)
    assert [one.payload for one in waited] == [GET]
    *_, cycle, pending = supplied.tell("pass 1", flags(0))
    (request,) = [one for one in (*slept, *cycle, *pending) if one.is_for == (TUNNELING, REQUEST_TUNNEL)]
    (again,) = supplied.tell(OPENED.format(tsn=request.tsn, status="00"))
    assert [one.payload[6:] for one in puts(again)] == [first.payload[6:]]


@pytest.mark.parametrize("loss", ["0b0201", "error", "closure"])
def test_a_tunnel_that_is_lost_under_a_put(supplied: Story, loss: str) -> None:
    """Refused, Transfer Data Error, Closure Notification: another tunnel at once, and the same response, once."""
    *_, handed = supplied.tell(*fetched())
    (first,) = puts(handed)
    said = {"error": "chf 0704 197002010000", "closure": "chf 0704 1970060100"}.get(
        loss, f"chf 0704 18{first.tsn}{loss}"
    )
    (lost,) = supplied.tell(said)
    (request,) = [one for one in lost if one.is_for == (TUNNELING, REQUEST_TUNNEL)]
    (again,) = supplied.tell(OPENED.format(tsn=request.tsn, status="00"))
    (second,) = puts(again)
    assert second.payload[6:] == first.payload[6:]
    (given_up,) = supplied.tell(f"chf 0704 18{second.tsn}0b0201")
    assert [one for one in given_up if one.cluster == TUNNELING] == []


def test_a_restart_asks_for_mirror_and_tunnel_anew(supplied: Story) -> None:
    """An alert that waits is kept over it, and put."""
    *_, waiting = supplied.scripts.run("cycle", "\n".join([*supplied.steps, "raise 8F3F", "restart", "waiting"]) + "\n")
    assert waiting == "1 0"


def test_a_tunnel_that_is_closed_while_the_meter_works(supplied: Story) -> None:
    """The message has come, and the closure with it: another tunnel, and the response through that."""
    *_, worked = supplied.tell(*open_tunnel(), f"{fetched()[-1]} 1970060100")
    (request,) = [one for one in worked if one.is_for == (TUNNELING, REQUEST_TUNNEL)]
    assert puts(worked) == []
    (again,) = supplied.tell(OPENED.format(tsn=request.tsn, status="00"))
    assert len(puts(again)) == 1


def test_a_tunnel_of_before_a_restart_is_closed_where_no_ids_are_left(story: Story) -> None:
    *_, refused = story.tell(*open_tunnel(), "chf 0704 1908010100" + "0200", "restart", *open_tunnel("02"))
    (close,) = [one for one in refused if one.is_for == (TUNNELING, CLOSE_TUNNEL)]
    assert close.payload == "0100"


def test_more_that_waits_without_a_message_is_nothing(story: Story) -> None:
    """A GET-RESPONSE that says that five wait, and has none: asleep."""
    *_, nothing, quiet = story.tell(*open_tunnel(), "chf 0704 1908010100" + "0205", "pass 60")
    assert nothing == quiet == []


def test_a_flag_in_the_answer_to_the_last_report_counts_too(story: Story) -> None:
    """Both reports are answered, the first without a flag."""
    *_, first, last = story.tell("wake", GRANTED.format(tsn="02"), flags(0), flags(PENDING))
    assert first == []
    assert asked(last) == [(TUNNELING, REQUEST_TUNNEL)]
