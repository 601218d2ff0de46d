"""The command line: `preauth serve`, `demo`, `token`, `launch`, `client` and others, a file or a folder each.

May import: `demo`, `doctor` and the rooms below them.
Start with `commands`, then `serving`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.commands import Commands
from app.release import release

EXIT_CODES = "0 success, 1 problems found, 2 unusable option, variable or file, 3 unusable port, policy, store or key."

app = typer.Typer(
    name="preauth",
    cls=Commands,
    epilog=f"Exit codes: {EXIT_CODES}",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"preauth {release()}")
        raise typer.Exit


@app.callback()
def preauth(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Run preauth, an open prior authorization server for Da Vinci PAS requests and the claims that bill them."""


def main() -> None:
    """Run the command line. The process exits with one of `EXIT_CODES`."""
    app()
