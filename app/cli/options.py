"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def named_path(text: str) -> Path:
    """Read the value of an option that names a file or a folder; an empty one would mean the current folder."""
    if not text:
        raise typer.BadParameter("must name a file or a folder, and is empty")
    return Path(text)


DataFolder = Annotated[
    Path | None,
    typer.Option(help="Folder of the database and the key.", show_default="./data", parser=named_path, metavar="PATH"),
]
PolicyFiles = Annotated[
    Path | None,
    typer.Option(help="A policy file, or a folder of them.", show_default="shipped", parser=named_path, metavar="PATH"),
]
Store = Annotated[
    str | None, typer.Option(help="sqlite, memory or mongodb://HOST/.", show_default="sqlite", metavar="STORE")
]
