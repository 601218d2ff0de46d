"""`preauth organization`: register provider organizations."""

from __future__ import annotations

from typing import Annotated

import typer

from app.access.registry import Organization
from app.cli.options import DataFolder, Store
from app.cli.registry.common import add_shared_commands
from app.cli.registry.options import AsJson, Id, Name, values
from app.cli.registry.registering import register, row_of
from app.cli.registry.shown import print_json, shown
from app.cli.registry.store import in_store, settings_of
from app.registry.rows import OrganizationRow

app = typer.Typer(help="Register, list, disable and remove provider organizations.", no_args_is_help=True)
add_shared_commands(app, Organization)


@app.callback()
def organization() -> None:
    """Register, list, disable and remove provider organizations."""


@app.command()
def add(
    id_: Id,
    *,
    name: Name = "",
    npi: Annotated[list[str] | None, typer.Option(help="An NPI. Repeat for more.")] = None,
    tin: Annotated[list[str] | None, typer.Option(help="A tax id. Repeat for more.")] = None,
    sender_id: Annotated[
        list[str] | None, typer.Option(help="A transmission identifier (ISA06). Repeat for more.")
    ] = None,
    data: DataFolder = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Register a provider organization. Clients can act for it at once.

    Exit codes: 2 if an option cannot be used or the id is taken; 3 if the store cannot be used.

    Example: preauth organization add acme --name "Acme Clinic" --npi 1234567893 --tin 12-3456789
    """
    settings = settings_of(data, store)
    given = values(id=id_, name=name, npis=npi, tins=tin, sender_ids=sender_id)
    row = row_of(given, OrganizationRow).registered()
    in_store(settings, lambda documents: register(documents, row, settings))
    if as_json:
        print_json(shown(row))
    else:
        typer.echo(f"The organization {row.id} is registered.")
