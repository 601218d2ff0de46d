"""Options shared by several commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def named_path(text: str) -> Path:
    """Read an option that names a file or a folder. Refuses an empty value, which would mean the current folder."""
    if not text:
        raise typer.BadParameter("must name a file or a folder, but is empty")
    return Path(text)


DataFolder = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the database and the signing key.", show_default="./data", parser=named_path, metavar="PATH"
    ),
]
PolicyFiles = Annotated[
    Path | None,
    typer.Option(
        help="A policy file, or a folder of policy files.", show_default="shipped", parser=named_path, metavar="PATH"
    ),
]
Store = Annotated[
    str | None, typer.Option(help="sqlite, memory or mongodb://HOST/.", show_default="sqlite", metavar="STORE")
]
