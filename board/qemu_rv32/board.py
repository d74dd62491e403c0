# All that this board is beside its processor it shares with the other emulated ones.

from emulated import Board, end, way_back

__all__ = ("Board", "end", "way_back")
