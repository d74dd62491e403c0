"""What the Supplier has done through the tunnel: answered, again, and with the power cut as the meter obeys.

Sources: GBCS CS11 (clear the Event Log: 8F52 is left behind), GCS41 (SiteID, protected against replay); 8154 for a
command that was done. A counter of a protected command that was accepted is not accepted again, a counter of the
meter's own is not used again, whatever happens to its power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gsme_host import remote_session
from gsme_host.eui64 import GSME
from gsme_host.gbcs import commands, gbz
from gsme_host.gbcs.envelope import Cra, Message
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.use_cases import BY_NAME
from gsme_host.hub import Hub
from gsme_host.wire import LINK_KEY, Data
from gsme_host.zcl import Cluster, Frame, Type, octstr, u8, u16
from host_tests.powercut.model import ACTIONED, CLEARED, SITE_ID, Model
from host_tests.powercut.operations import Outcome, Push, pushes
from host_tests.powercut.witness import NOTHING, Branch, Witness, told
from host_tests.support.remote_parties import with_secrets

CLEAR, SET_SITE_ID = "CS11", "GCS41"
DONE: Final = {CLEAR: bytes.fromhex("09 00 02 08"), SET_SITE_ID: bytes.fromhex("00 00 0B 03 00")}


@dataclass(frozen=True)
class Command:
    """A message, and what its component makes of a model. `counter` is 0 where it may be replayed."""

    use_case: str
    message: Message
    counter: int
    act: Callable[[Model, bytes], list[Push]]

    def done(self, model: Model, time: bytes) -> tuple[Model, list[Push]]:
        """Another model, for which the component is done; and what is told of that."""
        changed = model.copy()
        changed.counter = max(self.counter, model.counter)
        return changed, self.act(changed, time)

    def recorded(self, done: Model, so_far: list[Push], time: bytes) -> Branch:
        """Another model, for which it is written down; and all that is said."""
        changed = done.copy()
        code = BY_NAME[self.use_case].code.to_bytes(2, "big")
        return changed, Outcome(
            [DONE[self.use_case]], sorted(so_far + pushes(changed.raise_event(ACTIONED, code, time)))
        )


class _HandingOver(Exception):
    """The frame that carries the message is ready."""

    def __init__(self, frame: Data) -> None:
        super().__init__()
        self.frame = frame


class _StoppingHub(Hub):
    """Goes as far as the message, and no further."""

    def on_get(self, asked: Frame) -> Sequence[bytes]:
        """GET: the message is not sent."""
        (answer,) = super().on_get(asked)
        to = self.transcript[-1]
        raise _HandingOver(Data(to.peer, to.peer_endpoint, to.own_endpoint, to.profile, to.cluster, LINK_KEY, answer))


class Supplier:
    """The remote parties of a witness's meter. The newest protected command is kept, to be sent again."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._parties = with_secrets()
        self._head_end = HeadEnd(GSME, self._parties)
        self._newest: Command | None = None
        self._in_doubt = False  # a cut hit it
        self._alert_counter = 0
        self.enrol()

    def enrol(self) -> None:
        """Once more after a Factory Reset, which forgets the parties."""
        remote_session.enrol(self._witness.bench, self._parties)

    def clear(self) -> Command:
        """A command to clear the Event Log."""
        message = self._head_end.command(CLEAR, commands.clear_event_log())
        return Command(CLEAR, message, 0, lambda model, time: pushes(model.clear(time)))

    def set_site_id(self, site_id: bytes) -> Command:
        """A command to set the SiteID."""

        def act(model: Model, _: bytes) -> list[Push]:
            model.attributes[SITE_ID] = u8(Type.OCTSTR) + octstr(site_id)
            return []

        message = self._head_end.command(SET_SITE_ID, commands.update_site_id(0, site_id))
        self._in_doubt = False
        self._newest = Command(SET_SITE_ID, message, message.counter, act)
        return self._newest

    def replay(self) -> None:
        """The newest protected command again: in silence, unless a cut has left open whether the meter has seen it."""
        if self._newest:
            self.do(self._newest)

    def do(self, command: Command) -> None:
        """A command that is answered."""
        meter = self._witness.meter
        exchanges, unasked = len(meter.journal), len(meter.unasked)
        puts = Hub(meter).exchange(command.message.encode())
        came = [data for exchange in meter.journal[exchanges:] for data in exchange.answers] + meter.unasked[unasked:]
        said = Outcome(self._frames(command, puts), told(came))
        times = self._witness.when(said, u16(CLEARED)), self._witness.when(said, u16(ACTIONED))
        self._witness.agree(command.use_case, said, lambda model: self._branches(model, command, times))

    def cut_within(self, command: Command, wait_s: float | None) -> None:
        """The power cut so long after the meter has the message; see Witness.cut_within."""
        self._in_doubt = self._in_doubt or command is self._newest
        came = self._witness.send_and_kill(self._carrier(command), wait_s)
        hub = Hub(self._witness.meter)
        for data in came:
            if data.cluster == Cluster.TUNNELING:
                hub.on_frame(data.cluster, Frame.parse(data.asdu))
        said = Outcome(self._frames(command, hub.puts), told(came))
        self._witness.agree_after_cut(command.use_case, said, lambda model: self._stages(model, command))

    # --- messages

    def _carrier(self, command: Command) -> Data:
        """The frame by which the meter gets a command; the exchange has come to it."""
        try:
            _StoppingHub(self._witness.meter).exchange(command.message.encode())
        except _HandingOver as ready:
            return ready.frame
        raise AssertionError("the meter has not asked for the message")

    def _frames(self, command: Command, puts: Iterable[bytes]) -> list[bytes]:
        """The frames of the response, if there is one; alerts beside it have to be counted on."""
        frames = []
        for data in puts:
            message = Message.parse(data)
            if message.cra == Cra.ALERT:
                assert message.counter > self._alert_counter, "a counter is used twice"
                self._alert_counter = message.counter
            else:
                components = gbz.parse(self._head_end.response(command.message, data).content)
                frames += [one.zcl.encode() for one in components]
        return frames

    # --- by the model

    def _branches(self, model: Model, command: Command, times: tuple[bytes, bytes]) -> Iterator[Branch]:
        """What an answered command makes of a model. Of one that a cut hit, perhaps only the counter was kept."""
        new = command.counter > model.counter or not command.counter
        if not new or (command is self._newest and self._in_doubt):
            seen = model.copy()
            seen.counter = max(command.counter, model.counter)
            yield seen, NOTHING
        if new:
            yield command.recorded(*command.done(model, times[0]), times[1])

    def _stages(self, model: Model, command: Command) -> Iterator[Branch]:
        """How far a command may have come: not begun, the component done, that written down too."""
        yield model, NOTHING
        possible = self._witness.possible_times
        for number, time in enumerate(possible):
            changed, so_far = command.done(model, time)
            yield changed, Outcome([], so_far)
            for later in possible[number:]:
                yield command.recorded(changed, so_far, later)
