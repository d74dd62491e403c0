"""What lies on a board's file system, what is to lie there, and the way from the one to the other.

main.py goes first and comes last, so a board on which deploying breaks off has none and stays at its REPL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from mpremote.transport_serial import SerialTransport

from .errors import DeployError

MAIN: Final = PurePosixPath("main.py")
SCRIPTS: Final = (PurePosixPath("boot.py"), MAIN)  # run by name at each start
KEPT: Final = frozenset({"board_config"})  # a module of which the board may have a copy of its own
SUFFIXES: Final = (".py", ".mpy")
CHUNK: Final = 1024
BATCH: Final = 16
SPARE_BLOCKS: Final = 2
FOLDER: Final = -1  # instead of a size
FOLDER_BLOCKS: Final = 2  # littlefs keeps a folder in a pair

_TOOLS: Final = """
import os
def _size(p):
    try:
        s = os.stat(p)
    except OSError:
        return None
    return -1 if s[0] & 0x4000 else s[6]
try:
    import hashlib
except ImportError:
    hashlib = None
def _hash(p):
    h = hashlib.sha256()
    b = bytearray(512)
    v = memoryview(b)
    with open(p, 'rb') as f:
        while True:
            n = f.readinto(b)
            if not n:
                return h.digest()
            h.update(v[:n])
def _list(p):
    return [(p + '/' + e[0], e[1] & 0x4000 != 0) for e in os.ilistdir(p)]
"""


@dataclass(frozen=True)
class Plan:
    """Files to write, files and then folders to remove, and the blocks that this takes of a file system."""

    changed: dict[PurePosixPath, bytes]
    stale: list[PurePosixPath]
    folders: list[PurePosixPath]  # an empty one would be found before a package elsewhere
    need: int
    free: int
    block: int

    @property
    def done(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.changed or self.stale or self.folders)

    def check(self, port: str) -> None:
        """DeployError where it does not fit."""
        if self.need > self.free:
            more = (self.need - self.free) * self.block
            raise DeployError(f"{port}: its file system is full: {more} bytes more are needed; nothing was changed")


class BoardFiles:
    """The file system of a board whose raw REPL waits, from the folder in which its scripts are looked for.

    That folder is the current one after a reset: / of most ports, /flash of the nRF's.
    """

    def __init__(self, transport: SerialTransport) -> None:
        self._transport = transport
        transport.exec(_TOOLS)
        self._root = PurePosixPath(transport.eval("os.getcwd()"))
        self._hashes = transport.eval("hashlib is not None")

    def plan(self, wanted: Mapping[PurePosixPath, bytes], *, gone: Iterable[str] = ()) -> Plan:
        """How to get there. `gone` are names of which nothing may be at the top: they have another place."""
        there, folders = self._present(wanted, gone)
        stale = sorted(there.keys() - wanted.keys())
        same = self._same({path: data for path, data in wanted.items() if there.get(path) == len(data)})
        changed = {path: data for path, data in wanted.items() if path not in same}
        block, free = self._space()
        freed = sum(_blocks(there[path], block) for path in there if path in changed or path in stale)
        need = sum(_blocks(len(data), block) for data in changed.values()) - freed
        need += FOLDER_BLOCKS * len(self._missing_folders(changed)) + SPARE_BLOCKS * bool(changed)
        idle = folders - {parent for path in wanted for parent in path.parents}
        return Plan(changed, stale, sorted(idle, reverse=True), need, free, block)

    def carry_out(self, plan: Plan, say: Callable[[str], None]) -> None:
        """All but main.py, which is removed: `finish` writes it."""
        self.remove(MAIN)
        for path in plan.stale:
            self.remove(path)
        for folder in plan.folders:
            self._transport.fs_rmdir(self._at(folder))
        for folder in self._missing_folders(plan.changed):
            self._transport.fs_mkdir(self._at(folder))
        for path, data in sorted(plan.changed.items(), key=lambda item: item[0] in SCRIPTS):
            if path != MAIN:
                say(f"{path}  {len(data)}")
                self._write(path, data)

    def finish(self, main: bytes) -> None:
        """Writes main.py, after all else has been read back."""
        self._write(MAIN, main)

    def verify(self, written: Mapping[PurePosixPath, bytes]) -> None:
        """Reads back; DeployError where the board has kept something else than it was given."""
        if wrong := sorted(written.keys() - self._same(written)):
            raise DeployError(f"{wrong[0]} is not on the board as it was written: run the same command again")

    def remove(self, path: PurePosixPath) -> None:
        """If it is there."""
        if self._sizes([path])[path] is not None:
            self._transport.fs_rmfile(self._at(path))

    def _write(self, path: PurePosixPath, data: bytes) -> None:
        """Under another name first: what is run by name is there as a whole or not at all."""
        part = self._at(path) + (".part" if path in SCRIPTS else "")
        self._transport.fs_writefile(part, data, chunk_size=CHUNK)
        if path in SCRIPTS:
            self.remove(path)
            self._transport.exec(f"os.rename({part!r}, {self._at(path)!r})")

    def _at(self, path: PurePosixPath) -> str:
        """The whole path."""
        return str(self._root / path)

    def _same(self, files: Mapping[PurePosixPath, bytes]) -> set[PurePosixPath]:
        """Those of the files, all of which are there, that have that content."""
        paths = list(files)
        same: set[PurePosixPath] = set()
        for at in range(0, len(paths), BATCH):
            batch = paths[at : at + BATCH]
            same |= {
                path for path, found in zip(batch, self._hashed(batch), strict=True) if found == _sha256(files[path])
            }
        return same

    def _hashed(self, paths: list[PurePosixPath]) -> list[bytes]:
        names = [self._at(path) for path in paths]
        if self._hashes:
            return list(self._transport.eval(f"[_hash(p) for p in {names!r}]"))
        return [_sha256(bytes(self._transport.fs_readfile(name))) for name in names]

    def _present(
        self, wanted: Mapping[PurePosixPath, bytes], gone: Iterable[str]
    ) -> tuple[dict[PurePosixPath, int], set[PurePosixPath]]:
        """Files with their sizes, in the meter's own folders or by the names of its modules; and those folders."""
        tops = {path.parts[0].removesuffix(".py").removesuffix(".mpy") for path in wanted} | set(gone)
        found = [PurePosixPath(top + suffix) for top in tops - KEPT for suffix in SUFFIXES]
        found += [PurePosixPath(f"{script}.part") for script in SCRIPTS]
        tops_there = self._sizes([PurePosixPath(top) for top in tops])
        folders = {path for path, size in tops_there.items() if size == FOLDER}
        for top in tuple(folders):
            for path, is_folder in self._tree(top):
                if is_folder:
                    folders.add(path)
                else:
                    found.append(path)
        sizes = self._sizes(list(dict.fromkeys([*found, *wanted])))
        return {path: size for path, size in sizes.items() if size is not None and size != FOLDER}, folders

    def _tree(self, top: PurePosixPath) -> Iterator[tuple[PurePosixPath, bool]]:
        """What is in a folder and in those in it, and whether it is one."""
        folders = [self._at(top)]
        while folders:
            for name, is_folder in self._transport.eval(f"_list({folders.pop()!r})"):
                yield PurePosixPath(name).relative_to(self._root), is_folder
                if is_folder:
                    folders.append(name)

    def _sizes(self, paths: list[PurePosixPath]) -> dict[PurePosixPath, int | None]:
        """None where there is nothing, FOLDER of a folder."""
        sizes: dict[PurePosixPath, int | None] = {}
        for at in range(0, len(paths), BATCH):
            batch = paths[at : at + BATCH]
            told = self._transport.eval(f"[_size(p) for p in {[self._at(path) for path in batch]!r}]")
            sizes |= dict(zip(batch, told, strict=True))
        return sizes

    def _missing_folders(self, files: Iterable[PurePosixPath]) -> list[PurePosixPath]:
        """From the outermost on."""
        folders = sorted({parent for path in files for parent in path.parents if parent.name})
        return [folder for folder, size in self._sizes(folders).items() if size is None]

    def _space(self) -> tuple[int, int]:
        """Bytes of a block, and blocks that are free."""
        told = self._transport.eval(f"tuple(os.statvfs({str(self._root)!r}))")
        return told[1], told[4]


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _blocks(size: int, block: int) -> int:
    return -(-size // block)
