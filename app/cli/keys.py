"""`preauth keys`: list and rotate the keys that sign the server's tokens."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from app.adapters.clock import system_clock
from app.adapters.tokens.key_files import PICKED_UP_WITHIN, load_key, retired_keys, rotate_key
from app.cli.options import DataFolder
from app.cli.usable import usable_keys, usable_settings

app = typer.Typer(help="List and rotate the keys that sign tokens.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """List and rotate the keys that sign tokens."""


@app.command("list")
def list_(*, data: DataFolder = None) -> None:
    """List the keys of the data folder: the key that signs, and earlier keys that still verify.

    Exit codes: 2 if no server used the folder yet, or an option or a PREAUTH_* variable cannot be used; 3 if a key
    cannot be used.

    Example: preauth keys list --data ./data
    """
    settings = usable_settings(data)
    with usable_keys(settings):
        signing = load_key(settings.data)
        retired = retired_keys(settings.data)
    typer.echo(f"{signing.kid}  signs")
    for row in retired:
        typer.echo(f"{row.key.kid}  verifies until {datetime.fromtimestamp(row.until, UTC):%Y-%m-%dT%H:%M:%SZ}")


@app.command()
def rotate(*, data: DataFolder = None) -> None:
    """Create a new signing key. The key before it verifies until its last token has expired.

    Running servers sign with the new key within a minute, without a restart. Exit codes: those of `preauth keys list`.

    Example: preauth keys rotate --data ./data
    """
    settings = usable_settings(data)
    with usable_keys(settings):
        new = rotate_key(settings.data, system_clock(settings).now().timestamp())
    typer.echo(f"{new.kid}  signs in every server of the folder within {PICKED_UP_WITHIN} seconds")
