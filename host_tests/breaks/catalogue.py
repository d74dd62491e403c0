"""The breaks: where the firmware is broken, how, and which test must fail. A file a topic."""

from __future__ import annotations

from typing import Final

from host_tests.breaks import access, checks, clusters, cycle, events, fuzz, link, model, provision, remote, state, zcl

BREAKS: Final = (
    *access.BREAKS,
    *checks.BREAKS,
    *zcl.BREAKS,
    *clusters.BREAKS,
    *events.BREAKS,
    *link.BREAKS,
    *state.BREAKS,
    *provision.BREAKS,
    *remote.BREAKS,
    *cycle.BREAKS,
    *model.BREAKS,
    *fuzz.BREAKS,
)
