"""The command line: `preauth serve`, `demo`, `token`, `client`, `doctor`, `backup` and others, a file or a folder each.

May import: `demo`, `doctor` and the rooms below them.
Start with `serve`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.audit import app as audit_app
from app.cli.backup import backup, restore
from app.cli.demo import demo
from app.cli.doctor import doctor
from app.cli.init import init
from app.cli.keys import app as keys_app
from app.cli.policy import app as policy_app
from app.cli.registry.client import app as client_app
from app.cli.registry.hash_secret import hash_secret
from app.cli.registry.organization import app as organization_app
from app.cli.registry.user import app as user_app
from app.cli.serve import serve
from app.cli.token import token
from app.cli.validate import validate
from app.settings import release

EXIT_CODES = "0 success, 1 problems found, 2 unusable option, variable or file, 3 unusable port, policy, store or key."

app = typer.Typer(
    name="preauth",
    epilog=f"Exit codes: {EXIT_CODES}",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(token)
app.command()(validate)
app.command()(demo)
app.command()(init)
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command()(hash_secret)
app.add_typer(client_app, name="client")
app.add_typer(organization_app, name="organization")
app.add_typer(user_app, name="user")
app.add_typer(policy_app, name="policy")
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")


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
