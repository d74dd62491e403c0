"""The command `gsme provision`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from . import provision

EXIT_FAILED: Final = 1


@click.group(name="provision")
def group() -> None:
    """Say who a production meter is, and whom it knows."""


@group.command()
@click.argument("text", metavar="TOML", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def make(text: Path, out: Path) -> None:
    """Write the provisioning file OUT from TOML: the meter's EUI64, its Device Log, and remote parties with their keys.

    OUT holds their secrets, as TOML may: keep both as you keep keys.
    """
    try:
        image = provision.make(text.read_text(encoding="utf-8"))
        out.write_bytes(image)
    except (provision.ProvisionError, OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        click.echo(f"gsme: {text}: {reason}", err=True)
        sys.exit(EXIT_FAILED)
    click.echo(f"{out}: {len(image)} bytes")
