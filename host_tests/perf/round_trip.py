"""Round trips over the pseudo-terminal: the meter's answers against an echo of the same number of bytes.

The host does the same with both: it writes the request, reads all answers, and acknowledges them. Only what passes
between the first byte of the request and the last byte of the last answer is taken for the round trip.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import Final

from gsme_host.wire import Kind

from .exchanges import GCS20R_44, NOT_FOUND, READ_ONE, RING, Conversation, Exchange, ack
from .process import Broken, Files, micropython
from .terminal import Terminal

ROUNDS: Final = 5  # over all TSNs
PAUSE_S: Final = 0.0005  # from one request to the next, in which the other side falls asleep and the host does not
MICROSECONDS: Final = 1e6

# The most that the meter's median may be of the echo's.
GOALS: Final[tuple[tuple[Exchange, int], ...]] = ((NOT_FOUND, 3), (READ_ONE, 3), (GCS20R_44, 6))


@dataclass(frozen=True)
class RoundTrip:
    """Medians, and how many bytes went out and came back."""

    asked: int
    answered: int
    meter_us: float
    echo_us: float
    goal: int

    @property
    def ratio(self) -> float:
        """How many times the echo's the meter's is."""
        return self.meter_us / self.echo_us


@dataclass(frozen=True)
class Turn:
    """What a host writes and what comes back, step by step; `last` is written when the time has been taken."""

    steps: tuple[tuple[bytes, bytes], ...]
    last: bytes

    def echo(self) -> Turn:
        """The same bytes out and as many back, at once: no host's turn in between."""
        (request, _), *more = self.steps
        answered = bytes(sum(len(answer) for _, answer in self.steps))
        return Turn(((request, answered),), b"".join(acknowledged for acknowledged, _ in more) + self.last)


def measure(files: Files) -> dict[str, RoundTrip]:
    """Of the exchanges that have a goal, by name."""
    return {exchange.name: _of(files, exchange, goal) for exchange, goal in GOALS}


def _of(files: Files, exchange: Exchange, goal: int) -> RoundTrip:
    conversation = Conversation(exchange)
    turns = _turns(conversation)
    echoes = [turn.echo() for turn in turns]
    (request, answered), last = echoes[0].steps[0], echoes[0].last
    meter_times: list[float] = []
    echo_times: list[float] = []
    with (
        Terminal(files, micropython("main")) as meter,
        Terminal(files, micropython("echo", len(request), len(last), len(answered))) as echo,
    ):
        _prepare(meter, conversation)
        # Turn and turn about, so that both meet the same machine.
        for turn, echoed in list(zip(turns, echoes, strict=True)) * ROUNDS:
            meter_times.append(_take(meter, turn))
            echo_times.append(_take(echo, echoed))
    return RoundTrip(len(request), len(answered), _median_us(meter_times), _median_us(echo_times), goal)


def _median_us(seconds: list[float]) -> float:
    return statistics.median(seconds) * MICROSECONDS


def _prepare(line: Terminal, conversation: Conversation) -> None:
    """Brings a meter that has just been started to where the conversation begins."""
    sync, announce_ack, *commands = conversation.setup()
    line.write(sync)
    line.frame(Kind.DATA)
    line.write(announce_ack)
    for command, command_ack in zip(commands[::2], commands[1::2], strict=True):
        line.write(command)
        line.frame(Kind.DATA)
        line.write(command_ack)


def _turns(conversation: Conversation) -> list[Turn]:
    """A turn a TSN. The acknowledgement of an answer brings the next one."""
    turns = []
    for number, request in enumerate(conversation.requests()):
        acked, first, *more = conversation.replies(number)
        seq = conversation.first_ack + number * conversation.answer_count
        steps = [(request, acked + first), *((ack((seq + i) % RING), answer) for i, answer in enumerate(more))]
        turns.append(Turn(tuple(steps), ack((seq + len(more)) % RING)))
    return turns


def _take(line: Terminal, turn: Turn) -> float:
    """Does the turn; returns its seconds."""
    answers = []
    start = time.perf_counter()
    for question, answer in turn.steps:
        line.write(question)
        answers.append(line.read(len(answer)))
    took = time.perf_counter() - start
    line.write(turn.last)
    while time.perf_counter() < start + PAUSE_S:
        pass
    if answers != [answer for _, answer in turn.steps]:
        raise Broken(f"{b''.join(answers).hex(' ')} is not what the specifications want")
    return took
