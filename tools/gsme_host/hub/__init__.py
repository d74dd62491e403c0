"""The communications hub: the other end of a meter's mirror, tunnel and time."""

from .hub import Hub

__all__ = ["Hub"]
