"""The command line: `preauth serve`, `demo`, `token`, `validate` and `policy check`, a file each.

May import: `demo` and the rooms below it.
Start with `serve`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.demo import demo
from app.cli.policy import app as policy_app
from app.cli.serve import serve
from app.cli.token import token
from app.cli.validate import validate
from app.settings import release

app = typer.Typer(
    name="preauth",
    epilog="Exit codes: 0 done, 1 something was found wrong, 2 what was given cannot be used, 3 no server could start.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(token)
app.command()(validate)
app.command()(demo)
app.add_typer(policy_app, name="policy")


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
    """Run an open prior authorization server: Da Vinci PAS in, decisions out, followed to the bill."""


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 something was found wrong, 2 what was given cannot be used, 3 no server could start.
    """
    app()
