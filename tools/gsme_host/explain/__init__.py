"""Explains octets: GBCS messages, GBZ payloads, alerts' payloads and ZCL frames, every octet in exactly one row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from .. import zcl as frame_layout
from ..gbcs import GbcsError
from ..gbcs.envelope import CIPHERING, SIGNING
from ..gbcs.gbz import PROFILE, ZCL_HEADER
from . import envelope, gbz, zcl
from .keys import Keys
from .walk import Explanation, Walk, explain_with

__all__ = ["Explanation", "Keys", "explain"]

FC_BITS: Final = 0x1F  # the others are zero (ZCL 2.4.1.1)


def explain(data: bytes, keys: Sequence[Keys] = (), cluster: int | None = None) -> Explanation:
    """Explains octets as what their first ones say, or as a ZCL frame of a cluster; GbcsError where it is none."""
    if cluster is None and data[:1] == CIPHERING[:1]:
        kind = "GBCS message with a MAC (General-Ciphering)"
        return explain_with(kind, data, lambda walk: envelope.ciphering(walk, keys))
    if cluster is None and data[:1] == SIGNING[:1]:
        kind = "GBCS message without a MAC (General-Signing)"
        return explain_with(kind, data, lambda walk: _signing(walk, keys))
    if cluster is None and data.startswith(PROFILE):
        if gbz.is_alert(data):
            return explain_with("payload of an alert", data, gbz.alert)
        return explain_with("GBZ payload", data, partial(gbz.payload, context=gbz.Context()))
    if not data or data[0] & ~FC_BITS or data[0] & frame_layout.TYPE_MASK > frame_layout.TYPE_CLUSTER:
        raise GbcsError("neither a GBCS message, nor a GBZ payload, nor a ZCL frame")
    if len(data) < ZCL_HEADER:
        raise GbcsError(f"octet {len(data)}: a ZCL frame ends within its header")
    return explain_with("ZCL frame", data, partial(zcl.frame, place=zcl.Place(cluster)))


def _signing(walk: Walk, keys: Sequence[Keys]) -> None:
    envelope.signing(walk, keys)
