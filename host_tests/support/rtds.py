"""The industry's published messages and keys (DCC RTDS 4.5.0), read in place and never copied.

The folder is named by RTDS_DIR, else it is ../shared/rtds beside the project. vectors.json has name to hex; keys.json
has entity ids and the secrets that the test parties share. Tests that need them skip where they are absent.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from gsme_host.gbcs.party import Party, load_parties
from gsme_host.gbcs.use_cases import Role
from gsme_host.supervisor import ROOT

FOLDER: Final = "RTDS_DIR"  # environment
MISSING: Final = "RTDS data not found: set RTDS_DIR"
KEYS: Final = "keys.json"
VECTORS: Final = "vectors.json"


def folder() -> Path:
    """Where the data would be."""
    return Path(os.environ.get(FOLDER, ROOT.parent / "shared" / "rtds"))


def require() -> None:
    """Skips the test where there is no data."""
    if not (folder() / VECTORS).is_file():
        pytest.skip(MISSING)


@cache
def vectors() -> dict[str, bytes]:
    """Name to message; empty where there is no data."""
    path = folder() / VECTORS
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {name: bytes.fromhex(digits) for name, digits in loaded.items()}


def parties() -> dict[Role, Party]:
    """The published Supplier and access control broker, with the secrets that they share with the meter."""
    return load_parties(folder() / KEYS)
