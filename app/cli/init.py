"""`preauth init`: prepare a data folder for a server."""

from __future__ import annotations

import typer

from app.adapters.tokens.key_files import load_or_create_key
from app.cli.ending import CANNOT_START, ended
from app.cli.options import DataFolder
from app.cli.usable import usable_settings
from app.safety.data_folder import claim_folder


def init(*, data: DataFolder = None) -> None:
    """Mark a data folder with the mode of PREAUTH_ENVIRONMENT, and make its signing key.

    Production needs this once, before its first start; a demo does it by itself. A second run changes nothing. Exit
    codes: 2 if an option or a PREAUTH_* variable cannot be used; 3 if the folder has the other mode, or if its key
    cannot be used.

    Example: preauth init --data /var/lib/preauth
    """
    settings = usable_settings(data)
    try:
        claim_folder(settings.data, settings.environment)
        key = load_or_create_key(settings.data)
    except RuntimeError as refused:
        raise ended(str(refused), CANNOT_START) from refused
    typer.echo(f"{settings.data} is a folder for mode {settings.environment}; {key.kid} signs its tokens.")
