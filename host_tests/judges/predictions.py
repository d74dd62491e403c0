"""How many cases each generator must yield, computed from the tables alone and never by running a generator."""

from collections.abc import Callable
from math import ceil
from typing import Final

from host_tests.judges import mutations, sweeps
from host_tests.judges.commands import GLOBAL_ANSWERS, GLOBAL_REQUESTS, HEADER, RECEIVED, Command, known_ids
from host_tests.judges.layout import Field, Kind
from host_tests.judges.meter_map import ABSENT_SIDES, ATTRIBUTES, SIDES
from host_tests.judges.zcl_types import OCTSTR, STRING

_CLUSTER_COMMANDS: Final = tuple(command for commands in RECEIVED.values() for command in commands)
_WRITABLE: Final = tuple(row for rows in ATTRIBUTES.values() for row in rows if row.writable)
_GLOBALS: Final = (*GLOBAL_REQUESTS, *GLOBAL_ANSWERS)
_CLUSTERS: Final = len({cluster for cluster, _ in SIDES})
_BITS_OF_ANSWERS: Final = 4  # with and without manufacturer code, with and without DDR
_FRAMES_A_MANUFACTURER: Final = 4
_BOTH_SIDES: Final = 2


def _samples() -> int:
    return len(SIDES) * len(_GLOBALS) + len(_CLUSTER_COMMANDS)


def _cuts() -> int:
    """A cut before every byte of every sample."""
    on_every_side = sum(HEADER + len(command.sample) for command in _GLOBALS)
    return len(SIDES) * on_every_side + sum(HEADER + len(command.sample) for command in _CLUSTER_COMMANDS)


def _numbers(most: int) -> int:
    """How many different numbers there are among 0, 1, the most, one more and FF."""
    return len({0, 1, most, most + 1, 0xFF})


def _of_field(field: Field) -> int:
    """Lies about a count, and for a count of records as many honest ones."""
    return _numbers(field.most) * (2 if field.kind is Kind.COUNT else 1) if field.counts else 0


def _of_fields(commands: tuple[Command, ...]) -> int:
    return sum(_of_field(field) for command in commands for field in command.layout.fields)


def _counts() -> int:
    return len(SIDES) * _of_fields(GLOBAL_REQUESTS) + _of_fields(_CLUSTER_COMMANDS)


def _string_lengths() -> int:
    return sum(2 * _numbers(row.longest) for row in _WRITABLE if row.type in (OCTSTR, STRING))


def _unknown_attributes() -> int:
    return sum(ceil((sweeps.ALL_IDS_16 - len(rows)) / sweeps.ATTRIBUTES_A_FRAME) for rows in ATTRIBUTES.values())


def _absent_sides() -> int:
    """A read, cluster commands 00 and E0, and those of the other side's that are not 00."""
    return sum(3 + len(known_ids(cluster, side.flipped) - {0}) for cluster, side in ABSENT_SIDES)


_PREDICTIONS: Final[dict[Callable[..., object], Callable[[], int]]] = {
    mutations.cuts: _cuts,
    mutations.extensions: lambda: mutations.MOST_EXTRA * _samples(),
    mutations.counts: _counts,
    mutations.string_lengths: _string_lengths,
    sweeps.unknown_commands: lambda: sum(256 - len(known_ids(*place)) for place in SIDES),
    sweeps.unknown_global_commands: lambda: len(SIDES) * (256 - len(_GLOBALS)),
    sweeps.unknown_attributes: _unknown_attributes,
    sweeps.wrong_types: lambda: len(_WRITABLE) * 255,
    sweeps.wrong_manufacturers: lambda: len(SIDES) * len(sweeps.MANUFACTURERS) * _FRAMES_A_MANUFACTURER,
    sweeps.absent_sides: _absent_sides,
    sweeps.unknown_clusters: lambda: predicted_clusters(1),
    sweeps.uninvited: lambda: _CLUSTERS * _BOTH_SIDES * len(GLOBAL_ANSWERS) * _BITS_OF_ANSWERS,
    sweeps.frame_controls: lambda: sweeps.FRAME_CONTROLS * _CLUSTERS,
    sweeps.ordered_pairs: lambda: _samples() ** 2,
}


def predicted_count(generator: Callable[..., object]) -> int:
    """Cases that a generator of mutations.py or sweeps.py has to yield; KeyError for another function.

    For unknown_clusters with step 1, for ordered_pairs over all samples.
    """
    return _PREDICTIONS[generator]()


def predicted_clusters(step: int) -> int:
    """Cases of unknown_clusters at another step."""
    held = {cluster for cluster, _ in SIDES}
    return ceil(sweeps.ALL_IDS_16 / step) - sum(1 for cluster in held if cluster % step == 0)


GENERATORS: Final = tuple(generator for generator in _PREDICTIONS if generator is not sweeps.ordered_pairs)
