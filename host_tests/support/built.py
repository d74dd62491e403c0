"""How large the build is that a run tests: bytes of its .mpy files, and of the image where a board has them in one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from gsme_host.build import BuildError, boards, build_board

MPY: Final = "mpy_bytes"
IMAGE: Final = "image_bytes"


def of_simulated(folder: Path) -> dict[str, int]:
    """Of what the simulated meters run; sources have no such size."""
    sizes = [path.stat().st_size for path in folder.rglob("*.mpy")]
    return {MPY: sum(sizes)} if sizes else {}


def of_board(name: str) -> dict[str, int]:
    """Of this tree's bench build for a board; nothing where it has none. That the board has it is for others to see."""
    if name not in boards():
        return {}
    with tempfile.TemporaryDirectory(prefix="gsme-") as folder:
        build = Path(folder) / "build"
        try:
            return {MPY: build_board(build, name).used, **_image(build, name)}
        except BuildError:
            return {}


def _image(build: Path, name: str) -> dict[str, int]:
    # mpremote is not where labgrid is.
    from gsme_host.deploy.facts import Board, deployable  # noqa: PLC0415
    from gsme_host.deploy.rom import image_of  # noqa: PLC0415

    if name not in deployable() or not Board.named(name).in_rom:
        return {}
    return {IMAGE: len(image_of(build))}
