"""`preauth keys`: list and rotate the keys that sign the server's tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from app.adapters.clock import SystemClock
from app.adapters.tokens.key_files import PICKED_UP_WITHIN, load_key, retired_keys, rotate_key
from app.cli.ending import CANNOT_START, CANNOT_USE, ended, sentence_of
from app.cli.options import DataFolder
from app.demo.by_hand import command
from app.settings import Settings, SettingsRefused, load_settings

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
    with _usable(data) as settings:
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
    with _usable(data) as settings:
        new = rotate_key(settings.data, SystemClock(timedelta(seconds=settings.clock_offset)).now().timestamp())
    typer.echo(f"{new.kid}  signs in every server of the folder within {PICKED_UP_WITHIN} seconds")


@contextmanager
def _usable(data: Path | None) -> Iterator[Settings]:
    """Yield the settings; end with a sentence if they or the keys cannot be used."""
    try:
        settings = load_settings(data=data)
    except SettingsRefused as refused:
        raise ended(str(refused), CANNOT_USE) from refused
    try:
        yield settings
    except FileNotFoundError as missing:
        start = command("serve", settings.data)
        sentence = f"The data folder {settings.data} has no signing key. Start a server first: {start}"
        raise ended(sentence, CANNOT_USE) from missing
    except (OSError, RuntimeError) as unusable:
        raise ended(sentence_of(unusable), CANNOT_START) from unusable
