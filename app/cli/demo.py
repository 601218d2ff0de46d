"""`preauth demo`: the whole story over HTTP, on a server of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.demo.by_hand import by_hand, program
from app.demo.payer_server import NotServing
from app.demo.scene import Surprise
from app.demo.stage import staged
from app.demo.story import Told, tell
from app.demo.table import WIDE, table


def demo(
    policy: Annotated[
        Path | None, typer.Option(help="Tell it under another policy, to see where its answers differ.")
    ] = None,
) -> None:
    """Tell a prior authorization from the request to the bill, over HTTP, on a server of its own.

    The server is a process with SQLite in a temporary folder and the shipped policies; nothing is left behind. The exit
    code is 0 where every step went as it should, and 1 where one did not: it is named, with what was expected.

    Example: preauth demo --policy my-policy.yaml
    """
    console = _console()
    told: list[Told] = []
    try:
        with tempfile.TemporaryDirectory(prefix="preauth-demo-") as folder, staged(Path(folder), policy) as scene:
            _say(console, f"A payer's server at {str(scene.http.base_url).rstrip('/')}, its SQLite file in {folder}.\n")
            tell(scene, told.append)
        surprise = ""
    except (Surprise, NotServing) as unexpected:
        surprise = str(unexpected)
    if told:
        console.print(table(told, console.width))
    if surprise:
        typer.echo(f"\n{surprise}", err=True)
        raise typer.Exit(1)
    _say(console, f"\nAll {len(told)} steps went as they should. To try it by hand, serve in another terminal")
    _say(console, f"(make run, or {program()} serve), and here:\n\n{by_hand(scene.today)}")


def _say(console: Console, text: str) -> None:
    """Print a text as it is: no colours made up, and lines that can be copied whole."""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, WIDE))
