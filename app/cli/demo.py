"""`preauth demo`: run the demo over HTTP against a temporary server."""

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
from app.demo.scene import UnexpectedAnswer
from app.demo.stage import staged
from app.demo.story import WITH_A_CLOCK, StepResult, play
from app.demo.table import WIDE, table


def demo(
    policy: Annotated[
        Path | None,
        typer.Option(
            help="Run the demo under this policy, to see where its answers differ.", parser=named_path, metavar="PATH"
        ),
    ] = None,
) -> None:
    """Follow a prior authorization from the request to the paid claim, over HTTP.

    The demo starts a server with SQLite in a temporary folder and the shipped policies, and removes both at the end.
    Exit codes: 0 if every step gave the expected answer; 1 if a step did not (its name and the expected value are
    printed); 3 if the server did not start.

    Example: preauth demo --policy my-policy.yaml
    """
    screen = console()
    results: list[StepResult] = []
    try:
        with tempfile.TemporaryDirectory(prefix="preauth-demo-") as folder, staged(Path(folder), policy) as scene:
            server = str(scene.http.base_url).rstrip("/")
            _print(screen, f"The payer's server runs at {server}; its SQLite file is in {folder}.\n")
            play(scene, results.append, WITH_A_CLOCK)
        mismatch = ""
    except NotServing as refused:
        raise ended(str(refused), CANNOT_START) from refused
    except UnexpectedAnswer as unexpected:
        mismatch = str(unexpected)
    if results:
        screen.print(table(results, screen.width))
    if mismatch:
        typer.echo(f"\n{mismatch}", err=True)
        raise typer.Exit(1)
    _print(screen, f"\nAll {len(results)} steps gave the expected answers. To try it yourself, start a server")
    _print(screen, f"in another terminal (make run, or {program()} serve). Then run here:\n\n{by_hand()}")


def _print(console: Console, text: str) -> None:
    """Print plain text with its own line breaks, so that commands can be copied."""
    console.print(text, soft_wrap=True, highlight=False, markup=False)


def console() -> Console:
    """Return a console as wide as the terminal or `COLUMNS`; without either, wide enough for every column."""
    plain = Console()
    return plain if plain.is_terminal or os.environ.get("COLUMNS") else Console(width=WIDE)
