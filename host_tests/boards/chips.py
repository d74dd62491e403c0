"""Which boards run an image of MicroPython's that is deployed to, and which of them are made of a chip."""

from __future__ import annotations

from typing import Final

from gsme_host.build import BOARDS
from gsme_host.deploy.facts import deployable

CHIPS: Final = [board for board in deployable() if not (BOARDS / board / "image").is_dir()]
