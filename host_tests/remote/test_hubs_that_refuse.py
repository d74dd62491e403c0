"""A hub that does not take what the meter puts: nothing is done twice, and nothing is held up for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gsme_host import zcl
from gsme_host.bench import Attr
from gsme_host.gbcs import commands
from gsme_host.hub import Hub, frames
from gsme_host.zcl import Frame, Status, u8, u16
from host_tests.support.remote_parties import Remote

MOST_REFUSALS: Final = 6
SMALL: Final = 100
TAMPER: Final = 0x8F3F


class Refusing(Hub):
    """Answers every PUT with INSUFFICIENT_SPACE."""

    refused = 0

    def on_put(self, asked: Frame, message: bytes) -> Sequence[bytes]:
        """Not taken."""
        self.refused += 1
        return [frames.done(asked, Status.INSUFFICIENT_SPACE)]


class Small(Hub):
    """Takes transfers of 100 octets at most."""

    def on_request_tunnel(self, asked: Frame) -> Sequence[bytes]:
        """Opened, and the largest transfer said."""
        payload = u16(self.tunnel) + u8(0) + u16(SMALL)
        return [Frame(zcl.CLUSTER_TO_CLIENT, asked.tsn, frames.TunnelAnswer.RESPONSE, payload).encode()]


def test_a_response_that_is_refused_for_good_is_given_up(remote: Remote) -> None:
    """Put twice a cycle, six times in all; then the next message is fetched and answered."""
    taking, refusing = remote.hub, Refusing(remote.target.meter)
    refusing.exchange(remote.head_end.command("GCS20r", commands.get_event_configuration()).encode())
    assert refusing.refused == 2
    refusing.exchange()
    refusing.exchange()
    assert refusing.refused == MOST_REFUSALS
    remote.hub = taking
    assert remote.ask("GCS20r", commands.get_event_configuration()).command == 4


def test_an_alert_that_is_refused_for_good_is_counted(remote: Remote) -> None:
    refusing = Refusing(remote.target.meter)
    remote.target.bench.raise_event(TAMPER)
    for _ in range(MOST_REFUSALS // 2):
        refusing.exchange()
    bench = remote.target.bench
    assert (bench.read_int(Attr.ALERTS_WAITING), bench.read_int(Attr.ALERTS_DROPPED)) == (0, 1)


def test_what_is_refused_once_is_put_again(remote: Remote) -> None:
    command = remote.head_end.command("GCS20r", commands.get_event_configuration())
    Refusing(remote.target.meter).exchange(command.encode())
    (response,) = remote.hub.exchange()
    remote.head_end.response(command, response)


def test_a_response_that_is_longer_than_the_hub_takes(remote: Remote) -> None:
    """Nothing is put that the hub has no room for; what has room is."""
    remote.hub = Small(remote.target.meter)
    assert remote.send(remote.head_end.command("GCS20r", commands.get_event_configuration())) == []
    assert remote.ask("GCS20r", commands.get_event_configuration(0x810D)).payload == bytes.fromhex("00 01 0D8118")
