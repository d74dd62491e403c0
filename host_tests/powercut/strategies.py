"""What a state machine may choose from: mostly what makes sense, so that logs fill and configurations differ.

Times are on a grid within one day of 2024, in which a refusal is recorded once; windows begin and end on it or beside.
"""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from gsme_host.eui64 import CHF
from host_tests.powercut import operations as op
from host_tests.powercut.model import ATTRIBUTES, CRITICAL, FACTORY, GROUP, LIST, LOG, MATCH
from host_tests.powercut.witness import EVERY_GROUP, VISITORS
from host_tests.support.event_history import NO_END, Query

DAY: Final = 0x2F001B80 // 86_400 * 86_400
GRID_S: Final = 1000
UNKNOWN: Final = (0x8200, 0x8100, 0x8FFF, 0x0000, 0xFFFF)
OFTEN: Final = (0x8183, 0x81A4, 0x8154, 0x8F0C, 0x8F3F, 0x8F1F)  # of both logs; what a command leaves, too
CONFIGURATIONS: Final = (0x00, 0x03, 0x08, 0x0B, 0x10, 0x13, 0x18, 0x1B, 0x43, 0x5B)
NOT_ALLOWED: Final = (0x01, 0x04, 0x07, 0x20, 0x80, 0xFF)
WAITS_S: Final = (None, None, 0, 0, 0, 0.0001, 0.0002, 0.0003, 0.0005)  # None: until it speaks
REMOTE_WAITS_S: Final = (None, None, 0, 0, 0, 0.0001, 0.0003, 0.001, 0.004)  # what is remote takes longer
REMOTE: Final = [(True, wait_s) for wait_s in REMOTE_WAITS_S] + [(False, None)] * len(REMOTE_WAITS_S)
POWER: Final = ("cut within",) * 5 + ("cut", "cut", "reboot", "reset")
SUPPLIED: Final = ("clear", "site id", "replay")
KINDS: Final = (5, 6, 1, 5, 6, 4, 7)

CODES: Final = st.one_of(st.sampled_from(OFTEN), st.sampled_from([*FACTORY, *CRITICAL]), st.sampled_from(UNKNOWN))
TIMES: Final = st.builds(lambda n: DAY + GRID_S * n, st.integers(1, 80))
EDGES: Final = st.builds(lambda time, by: time + by, TIMES, st.sampled_from((-1, 0, 1, 2)))
BYTES: Final = st.one_of(*[st.sampled_from(CONFIGURATIONS)] * 4, st.sampled_from(NOT_ALLOWED))
LISTED: Final = st.one_of(*[st.sampled_from(list(FACTORY))] * 9, st.sampled_from((*UNKNOWN, 0x8F0C)))
PLACES: Final = st.one_of(
    st.tuples(st.just(GROUP), st.sampled_from((0x81FF, EVERY_GROUP, 0x8FFF, 0x8183))),
    st.tuples(st.just(LOG), st.sampled_from((0, 3, 4))),
    st.tuples(st.just(MATCH), st.sampled_from((*CONFIGURATIONS, 0xFF))),
    st.tuples(st.just(MATCH + 1), st.just(0)),
)
QUERIES: Final = st.builds(
    Query,
    st.sampled_from((0x10, 0x13, 0x14, 0x00, 0x03, 0x04)),
    st.one_of(st.just(0), CODES),
    st.one_of(st.just(0), EDGES),
    st.one_of(st.sampled_from(NO_END), EDGES),
    st.sampled_from((0, 1, 2, 5, 12, 100)),
    st.sampled_from((0, 0, 1, 3, 50, 99, 100)),
)

VISITOR: Final = st.sampled_from(VISITORS)
LATER: Final = st.sampled_from((False,) * 7 + (True,))
RAISED: Final = st.builds(op.raise_event, CODES, st.binary(max_size=16))
RAISED_AGAIN: Final = st.builds(op.raise_event, st.sampled_from(OFTEN), st.binary(max_size=2))
LISTS_SET: Final = st.builds(op.configure, BYTES, st.just(LIST), st.lists(LISTED, max_size=6), future=LATER)
PLACES_SET: Final = st.builds(lambda byte, place: op.configure(byte, place[0], [place[1]]), BYTES, PLACES)
ENROLLED: Final = st.builds(op.enrol, VISITOR, st.sampled_from(KINDS))
REMOVED: Final = st.builds(op.remove, VISITOR)
ATTRIBUTES_SET: Final = st.one_of(
    st.builds(op.write, st.binary(max_size=17), st.integers(0, 255)),
    st.builds(op.set_behaviour, st.sampled_from((0, 1, 2, 2, 3))),
    st.builds(op.set_register, st.binary(min_size=6, max_size=6)),
)
REFUSED: Final = st.builds(op.clear_on_the_han, st.sampled_from((CHF, *VISITORS)))
VISITS: Final = st.one_of(st.builds(op.read_log, VISITOR, QUERIES), REFUSED)
CONFIGURATION_READS: Final = st.builds(
    op.read_configuration, st.sampled_from((*FACTORY, EVERY_GROUP, 0x81FF, *UNKNOWN))
)
ATTRIBUTE_READS: Final = st.builds(
    op.read_attribute, st.sampled_from((CHF, *VISITORS)), st.sampled_from(list(ATTRIBUTES))
)
CHANGES: Final = st.one_of(
    *(RAISED, RAISED, LISTS_SET, PLACES_SET, ENROLLED, REMOVED, ATTRIBUTES_SET, REFUSED, st.builds(op.factory_reset))
)
SITE_IDS: Final = st.binary(max_size=32)
