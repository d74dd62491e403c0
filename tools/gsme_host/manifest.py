"""Reads manifests: MicroPython's list of the files that make an image, which here also says what deploying copies.

A manifest is Python that calls include, package, module, freeze and metadata; its paths are relative to it. What it
includes from MicroPython's own sources ($(MPY_DIR), $(PORT_DIR)) belongs to the image, and is only noted.
Source: MicroPython documentation, "MicroPython manifest files".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Final, NamedTuple

OF_THE_IMAGE: Final = ("$(MPY_DIR)", "$(PORT_DIR)", "$(MPY_LIB_DIR)")
BOARD_DIR: Final = "$(BOARD_DIR)"


class ManifestError(Exception):
    """A manifest that cannot be resolved; the message is one line for people."""


class Entry(NamedTuple):
    """One file: where it is, the name it is imported by on the board as a path, and mpy-cross's -O if it says so."""

    source: Path
    target: PurePosixPath
    opt: int | None


@dataclass
class Manifest:
    """What a manifest comes to: its files in order, and the manifests of the image that it includes."""

    entries: list[Entry] = field(default_factory=list)
    outer: list[str] = field(default_factory=list)

    def sources(self) -> dict[PurePosixPath, Path]:
        """The files by their names on the board."""
        return {entry.target: entry.source for entry in self.entries}


def resolve(path: Path) -> Manifest:
    """Runs a manifest and those that it includes; ManifestError where one is wrong or a file is not there."""
    manifest = Manifest()
    _Run(path.resolve(), path.resolve().parent, manifest).run()
    return manifest


class _Run:
    """One manifest, and the functions that it may call."""

    def __init__(self, path: Path, board: Path, manifest: Manifest, options: dict[str, object] | None = None) -> None:
        self._path = path
        self._board = board
        self._manifest = manifest
        self._options = SimpleNamespace(defaults=self._defaults, **(options or {}))

    def run(self) -> None:
        calls = (self.include, self.package, self.module, self.freeze, self.metadata)
        names: dict[str, object] = {call.__name__: call for call in calls}
        try:
            text = self._path.read_text(encoding="utf-8")
            exec(compile(text, str(self._path), "exec"), {**names, "options": self._options})  # noqa: S102  # as upstream
        except ManifestError:
            raise
        except OSError as error:
            raise ManifestError(f"{self._path}: {error.strerror}") from error
        except Exception as error:  # whatever a manifest does wrong
            raise ManifestError(f"{self._path}: {type(error).__name__}: {error}") from error

    def _defaults(self, **options: object) -> None:
        for name, value in options.items():
            if not hasattr(self._options, name):
                setattr(self._options, name, value)

    def include(self, manifest_path: str, **options: object) -> None:
        """Runs another manifest."""
        if manifest_path.startswith(OF_THE_IMAGE):
            self._manifest.outer.append(manifest_path)
            return
        path = self._place(manifest_path)
        if path.is_dir():
            path = path / "manifest.py"
        _Run(path, self._board, self._manifest, options).run()

    def package(
        self, package_path: str, files: Iterable[str] | None = None, base_path: str = ".", opt: int | None = None
    ) -> None:
        """A folder with what is in it, or only those files of it."""
        base = self._place(base_path)
        folder = base / package_path
        if not folder.is_dir():
            raise ManifestError(f"{self._path}: there is no package {package_path} in {base}")
        found = files or sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
        for name in found:
            self._add(folder / name, PurePosixPath(package_path) / name, opt)

    def module(self, module_path: str, base_path: str = ".", opt: int | None = None) -> None:
        """A single file."""
        self._add(self._place(base_path) / module_path, PurePosixPath(module_path), opt)

    def freeze(self, path: str, script: str | Iterable[str] | None = None, opt: int | None = None) -> None:
        """A folder's files as they lie there, or some of them: upstream's older way."""
        base = self._place(path)
        names = sorted(found.relative_to(base).as_posix() for found in base.rglob("*.py")) if script is None else script
        for name in [names] if isinstance(names, str) else names:
            self._add(base / name, PurePosixPath(name), opt)

    def metadata(self, **_facts: object) -> None:
        """Says something of a package, which changes no file."""

    def _place(self, path: str) -> Path:
        return (self._path.parent / path.replace(BOARD_DIR, str(self._board))).resolve()

    def _add(self, source: Path, target: PurePosixPath, opt: int | None) -> None:
        if not source.is_file():
            raise ManifestError(f"{self._path}: there is no file {source}")
        if target in self._manifest.sources():
            raise ManifestError(f"{self._path}: {target} is there twice")
        self._manifest.entries.append(Entry(source, target, opt))
