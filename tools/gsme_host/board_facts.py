"""Every folder in board/ that describes a board, checked against board/board.schema.json and against what is there.

Run as a program it prints what is wrong, a line each, and ends with a count; 1 where something is.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import jsonschema

BOARDS: Final = Path(__file__).resolve().parents[2] / "board"
SCHEMA: Final = "board.schema.json"
FACTS: Final = "board.json"
# What a board with an image of its own is deployed by, beside the board.py that every one has.
PARTS: Final = ("boot.py", "board_config.py", "manifest.py", "manifest_production.py", "deploy.md")


def main() -> int:
    """Checks every board."""
    folders = [facts.parent for facts in sorted(BOARDS.glob(f"*/{FACTS}"))]
    problems = [f"board/{folder.name}/{FACTS}: {problem}" for folder in folders for problem in check(folder)]
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"boards: {len(folders)} described, {len(problems)} problems\n")
    return 1 if problems or not folders else 0


def check(folder: Path) -> Iterator[str]:
    """What is wrong with that folder's description, a line each."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except ValueError as error:
        yield f"is no JSON: {error}"
        return
    schema = json.loads((BOARDS / SCHEMA).read_text(encoding="utf-8"))
    found = [_told(error) for error in jsonschema.Draft202012Validator(schema).iter_errors(facts)]
    yield from sorted(found)
    if not found:
        yield from _beside(folder, facts)


def _told(error: jsonschema.ValidationError) -> str:
    where = ".".join(str(step) for step in error.absolute_path)
    return f"{where}: {error.message}" if where else str(error.message)


def _beside(folder: Path, facts: dict[str, object]) -> Iterator[str]:
    if facts["id"] != folder.name:
        yield f"id: {facts['id']!r} is not the name of its folder"
    named = facts["deploy"]
    assert isinstance(named, list)  # noqa: S101  # so says the schema
    for name in [*named, "board.py", *(PARTS if "flash_commands" in facts else ())]:
        if not (folder / str(name)).is_file():
            yield f"{name} is not there"


if __name__ == "__main__":
    sys.exit(main())
