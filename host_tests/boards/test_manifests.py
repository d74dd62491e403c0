"""What deploying copies and freezing freezes: every file is there, imports are closed, production has no bench.

Source: MicroPython documentation, "MicroPython manifest files". An import is closed where it names a file of the
manifest or a module of the image, which its stubs list.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import pytest
from mpremote.romfs import make_romfs

from gsme_host.build import BOARDS, SCRIPTS, BuildError, boards, build, build_board
from gsme_host.deploy.facts import deployable
from gsme_host.manifest import Manifest, ManifestError, resolve
from gsme_host.supervisor import FIRMWARE, ROOT
from host_tests.boards.chips import CHIPS

MANIFESTS: Final = ("manifest.py", "manifest_production.py")
NRF: Final = "nrf52840dk"
# Upstream's ports/nrf: boards/nrf52840_1M_256k.ld and memory.ld
ROMFS_BYTES: Final = 128 * 1024
FILE_SYSTEM_BYTES: Final = 64 * 1024
BENCH: Final = PurePosixPath("gsme/clusters/bench.py")
# In images, and not in stubs: the language's own.
OWN: Final = frozenset({"array", "binascii", "collections", "errno", "gc", "io", "os", "struct", "sys", "time"})
BOTH: Final = pytest.mark.parametrize(
    ("board", "name"), [(board, name) for board in deployable() for name in MANIFESTS]
)


def of(board: str, name: str) -> Manifest:
    """A board's manifest."""
    return resolve(BOARDS / board / name)


def modules_of_the_image(board: str) -> set[str]:
    """Names that a stock image imports."""
    facts = json.loads((BOARDS / board / "board.json").read_text(encoding="utf-8"))
    folder = ROOT / ".venv" / "typings" / facts["micropython"]["stubs"]
    own = (BOARDS / board / "image").glob("*.py")
    return {path.stem for path in folder.iterdir() if path.suffix == ".pyi"} | {path.stem for path in own} | set(OWN)


def imports(target: PurePosixPath, source: Path) -> Iterator[str]:
    """Modules that a file imports, by their full names; of `from x import y` both what x.y may be."""
    package = list(target.parent.parts)
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield from (f"{module}:{alias.name}" for alias in node.names)


def _dotted(path: PurePosixPath) -> str:
    return ".".join(path.with_suffix("").parts)


@BOTH
def test_imports_are_closed(board: str, name: str) -> None:
    """The one file that may be missing is the bench, and production is what it is missing from."""
    sources = of(board, name).sources()
    packages = {_dotted(path.parent) for path in sources if path.name == "__init__.py"}
    held = {_dotted(path) for path in sources} | modules_of_the_image(board)
    wanted = [(target, found) for target, source in sources.items() for found in imports(target, source)]
    missing = set()
    for target, found in wanted:
        module, _, attribute = found.partition(":")
        if f"{module}.{attribute}" not in held and (module in packages or module not in held):
            missing.add(f"{target}: {found}")
    assert missing == (set() if name == MANIFESTS[0] else {"gsme/device.py: gsme.clusters:bench"})
    assert len(wanted) > len(sources)


def test_the_nRF_s_port_has_a_module_of_the_board_s_name() -> None:
    """Which is why its board.py lies in a folder, and boot.py puts it where the other one would be found."""
    assert "board" in modules_of_the_image("nrf52840dk")
    assert PurePosixPath("board.py") not in of("nrf52840dk", "manifest.py").sources()


@pytest.mark.parametrize(("board", "name"), [(board, name) for board in CHIPS for name in MANIFESTS])
def test_upstream_s_own_files_stay_in_an_image(board: str, name: str) -> None:
    assert len(of(board, name).outer) == 1
    assert of(board, name).outer[0].startswith("$(PORT_DIR)/")


@pytest.mark.parametrize("board", boards())
def test_a_bench_build_is_all_of_the_firmware_and_production_all_but_the_bench(board: str) -> None:
    bench, production = (of(board, name).sources() for name in MANIFESTS)
    firmware = {PurePosixPath(path.relative_to(FIRMWARE).as_posix()) for path in FIRMWARE.rglob("*.py")}
    assert firmware <= bench.keys()
    assert bench.keys() - production.keys() == {BENCH}
    assert production.keys() <= bench.keys()


@pytest.mark.parametrize("production", [False, True])
@pytest.mark.parametrize("board", boards())
def test_both_are_built_for_the_board(board: str, production: bool, tmp_path: Path) -> None:
    """As they lie on the board: .mpy files for its processor, and as text the two scripts that it runs by name."""
    built = build_board(tmp_path, board, production=production)
    assert built.used <= built.allowed
    files = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    expected = {Path(path) for path in of(board, MANIFESTS[production]).sources()}
    assert files == {path if path in SCRIPTS else path.with_suffix(".mpy") for path in expected}
    assert (tmp_path / Path(BENCH).with_suffix(".mpy")).exists() is not production
    build_board(tmp_path, board, production=production)  # over itself


@pytest.mark.parametrize("production", [False, True])
def test_the_nRF_s_build_fits_into_ROMFS_and_its_scripts_beside_it(production: bool, tmp_path: Path) -> None:
    """As upstream's tool makes the image of it."""
    build_board(tmp_path / "all", NRF, production=production)
    scripts = [path for script in SCRIPTS if (path := tmp_path / "all" / script).exists()]
    assert sum(path.stat().st_size for path in scripts) < FILE_SYSTEM_BYTES // 4
    for path in scripts:
        path.unlink()
    image = make_romfs(str(tmp_path / "all"), mpy_cross=None)
    assert len(image) <= ROMFS_BYTES
    assert len(image) > len(list((tmp_path / "all").rglob("*.mpy"))) * 100


def test_the_simulator_s_build_is_of_the_same_firmware(tmp_path: Path) -> None:
    built = build(tmp_path)
    assert {path for path in built.sizes if path.parts[0] in ("gsme", "main.mpy")} == set(built.sizes)


WRONG: Final = [  # text, what is said of it
    ('module("none.py")', "there is no file"),
    ('package("none")', "there is no package none"),
    ('package("p", files=("a.py", "none.py"))', "there is no file"),
    ('module("m.py")\nmodule("m.py")', "m.py is there twice"),
    ('require("aioble")', "NameError"),
    ('include("none.py")', "No such file"),
    ("module(", "SyntaxError"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few files to list."""
    for name in ("m.py", "p/a.py", "p/q/b.py", "sub/manifest.py", "sub/n.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("module('n.py')\n" if name.endswith("manifest.py") else "\n", encoding="utf-8")
    return tmp_path


def _resolved(folder: Path, text: str) -> Manifest:
    (folder / "manifest.py").write_text(text, encoding="utf-8")
    return resolve(folder / "manifest.py")


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_wrong_manifest_is_refused_in_one_line(folder: Path, text: str, said: str) -> None:
    with pytest.raises(ManifestError, match=said) as caught:
        _resolved(folder, text)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(folder))


def test_the_language(folder: Path) -> None:
    """Each function once, paths relative to the manifest that names them, and the image's own left to the image."""
    text = (
        'metadata(version="1")\ninclude("$(PORT_DIR)/boards/manifest.py")\ninclude("sub", extra=True)\n'
        'module("m.py", opt=3)\npackage("p")\nfreeze("$(BOARD_DIR)/p", "q/b.py")\n'
    )
    resolved = _resolved(folder, text)
    assert [str(entry.target) for entry in resolved.entries] == ["n.py", "m.py", "p/a.py", "p/q/b.py", "q/b.py"]
    assert [entry.opt for entry in resolved.entries] == [None, 3, None, None, None]
    assert resolved.outer == ["$(PORT_DIR)/boards/manifest.py"]
    assert _resolved(folder, 'package("p", files=("a.py",))').sources().keys() == {PurePosixPath("p/a.py")}
    (folder / "sub" / "manifest.py").write_text(
        "options.defaults(extra=False)\nif options.extra:\n    module('n.py')\n", encoding="utf-8"
    )
    assert len(_resolved(folder, 'include("sub")').entries) == 0
    assert len(_resolved(folder, 'include("sub", extra=True)').entries) == 1


def test_a_build_of_a_wrong_manifest_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    monkeypatch.setattr("gsme_host.build.BOARDS", tmp_path)
    with pytest.raises(BuildError, match=r"manifest\.py: No such file"):
        build_board(tmp_path / "out", "some")
