"""`preauth demo`: the whole story over HTTP, on a server of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.ending import CANNOT_START, ended
from app.cli.options import named_path
from app.demo.by_hand import by_hand, program
from app.demo.payer_server import NotServing
from app.demo.scene import Surprise
from app.demo.stage import staged
from app.demo.story import Told, tell
from app.demo.table import WIDE, table


def demo(
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Tell it under another policy, to see where its answers differ.", parser=named_path, metavar="PATH"
        ),
    ] = None,
) -> None:
    """Tell a prior authorization from the request to the bill, over HTTP, on a server of its own.

    The server is a process with SQLite in a temporary folder and the shipped policies; nothing is left behind. The exit
    code is 0 where every step went as it should, 1 where one did not (it is named, with what was expected), and 3 where
    the server did not start.

    Example: preauth demo --policy my-policy.yaml
    """
    screen = console()
    told: list[Told] = []
    try:
        with tempfile.TemporaryDirectory(prefix="preauth-demo-") as folder, staged(Path(folder), policy) as scene:
            _say(screen, f"A payer's server at {str(scene.http.base_url).rstrip('/')}, its SQLite file in {folder}.\n")
            tell(scene, told.append)
        surprise = ""
    except NotServing as refused:
        raise ended(str(refused), CANNOT_START) from refused
    except Surprise as unexpected:
        surprise = str(unexpected)
    if told:
        screen.print(table(told, screen.width))
    if surprise:
        typer.echo(f"\n{surprise}", err=True)
        raise typer.Exit(1)
    _say(screen, f"\nAll {len(told)} steps went as they should. To try it by hand, serve in another terminal")
    _say(screen, f"(make run, or {program()} serve), and here:\n\n{by_hand(scene.today)}")


def _say(console: Console, text: str) -> None:
    """Print a text as it is: no colors made up, and lines that can be copied whole."""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def console() -> Console:
    """Take the terminal's width, or COLUMNS; without either there is room for every column."""
    plain = Console()
    return plain if plain.is_terminal or os.environ.get("COLUMNS") else Console(width=WIDE)
