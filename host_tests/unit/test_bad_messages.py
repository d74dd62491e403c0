"""Messages that prove nothing, or are none: a flood of them reaches the log and the flash a few times a day, not more.

Run on the meter's mailbox, which the tunnel feeds. Source: what is recorded of what went wrong: 8F53 once a day for all
whose MAC is wrong or whose originator is unknown, 8F60 once a day for more than a hundred malformed in an hour.
"""

from __future__ import annotations

from typing import Final

from gsme_host.eui64 import EUI64, GSME
from gsme_host.gbcs import commands
from gsme_host.gbcs.envelope import entity_id
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.party import Party
from gsme_host.gbcs.use_cases import Role
from host_tests.support.remote_parties import with_secrets
from host_tests.unit.script import Scripts

EACH: Final = 1000
MOST_PROGRAMS: Final = 10
ALERTS: Final = 2  # that the Supplier gets of it
UNKNOWN: Final = EUI64.parse("00A5A5A500000077")


def test_a_thousand_of_each_kind(sources: Scripts) -> None:
    head_end = HeadEnd(GSME, with_secrets())
    good = head_end.command("GCS20r", commands.get_event_configuration()).encode()
    strangers = HeadEnd(
        GSME, head_end.parties | {Role.SUPPLIER: Party(UNKNOWN, Role.SUPPLIER, secret=bytes(range(32)))}
    )
    unknown = strangers.command("GCS20r", commands.get_event_configuration()).encode()
    wrong_mac = good[:-1] + bytes((good[-1] ^ 1,))
    kinds = (wrong_mac, unknown, good[: len(good) // 2], b"\xff" * 40)
    parties = [
        f"party {entity_id(one.entity).hex()} {role.value:X} 0 {one.z.hex()}" for role, one in head_end.parties.items()
    ]
    flood = [f"take {kind.hex()}" for _ in range(EACH) for kind in kinds]
    steps = [*parties, "programs", *flood, "programs", "recorded", f"take {good.hex()}"]
    lines = sources.run("messages", "".join(f"{step}\n" for step in steps))
    before, after = (int(line) for step, line in zip(steps, lines, strict=True) if step == "programs")
    assert lines.count("-") == EACH * len(kinds) - ALERTS, "none is answered"
    assert after - before <= MOST_PROGRAMS
    assert lines[-2].split() == ["8F53", "8F60"]
    assert lines[-1] != "-", "a good one is"
