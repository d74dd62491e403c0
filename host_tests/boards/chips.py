"""The boards that are made of a chip: not the virtual one, which brings its own image."""

from __future__ import annotations

from typing import Final

from gsme_host.build import BOARDS, boards

CHIPS: Final = [board for board in boards() if not (BOARDS / board / "image").is_dir()]
