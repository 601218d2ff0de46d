"""The commands that clients, organizations and users share: list, show, disable, enable and remove."""

from __future__ import annotations

from functools import partial
from typing import Annotated, TypeVar

import typer
from msgspec.structs import replace

from app.access.registry import Client, Organization, Source, User
from app.cli.options import DataFolder, Store
from app.cli.registry.options import AsJson, Id
from app.cli.registry.shown import print_json, print_row, print_table, shown
from app.cli.registry.store import Refused, in_store, settings_of
from app.ports import Documents
from app.records.access.registry import KINDS, all_rows, change_row, find, remove_row

Row = TypeVar("Row", Organization, Client, User)

OUT_WITHIN = "Running servers refuse it within 60 seconds."
FROM_ELSEWHERE = {
    Source.FILE: "comes from the file in PREAUTH_CLIENTS. Change it there, or disable it.",
    Source.DEMO: "belongs to the demo, which makes it again at each start. Disable it instead.",
}


def add_shared_commands(app: typer.Typer, type_: type[Row]) -> None:
    """Add the shared commands about rows of a kind to its command group."""
    _add_reading(app, type_, KINDS[type_])
    _add_switches(app, type_, KINDS[type_])
    _add_removal(app, type_, KINDS[type_])


def _help(sentence: str, example: str) -> str:
    codes = "Exit codes: 2 if an option or the id cannot be used; 3 if the store cannot be used."
    return f"{sentence}\n\n{codes}\n\nExample: preauth {example}"


def _add_reading(app: typer.Typer, type_: type[Row], noun: str) -> None:
    @app.command("list", help=_help(f"List every {noun}, disabled ones too.", f"{noun} list --json"))
    def list_(*, data: DataFolder = None, store: Store = None, as_json: AsJson = False) -> None:
        rows = in_store(settings_of(data, store), lambda documents: all_rows(documents, type_))
        if as_json:
            print_json([shown(row) for row in rows])
        else:
            print_table(rows, type_)

    @app.command("show", help=_help(f"Print all values of one {noun}, except secrets.", f"{noun} show acme"))
    def show(id_: Id, *, data: DataFolder = None, store: Store = None, as_json: AsJson = False) -> None:
        row = in_store(settings_of(data, store), lambda documents: existing(documents, type_, id_))
        if as_json:
            print_json(shown(row))
        else:
            print_row(row)


def _add_switches(app: typer.Typer, type_: type[Row], noun: str) -> None:
    @app.command(
        "disable", help=_help(f"Disable a {noun} until `enable`, also if it comes from a file.", f"{noun} disable acme")
    )
    def disable(id_: Id, *, data: DataFolder = None, store: Store = None) -> None:
        in_store(settings_of(data, store), lambda documents: _switch(documents, type_, id_, disabled=True))
        typer.echo(f"The {noun} {id_} is disabled. {OUT_WITHIN}")

    @app.command("enable", help=_help(f"Enable a {noun} that was disabled.", f"{noun} enable acme"))
    def enable(id_: Id, *, data: DataFolder = None, store: Store = None) -> None:
        in_store(settings_of(data, store), lambda documents: _switch(documents, type_, id_, disabled=False))
        typer.echo(f"The {noun} {id_} is enabled.")


def _add_removal(app: typer.Typer, type_: type[Row], noun: str) -> None:
    @app.command("remove", help=_help(f"Remove a {noun} that a command registered.", f"{noun} remove acme --yes"))
    def remove(
        id_: Id,
        *,
        data: DataFolder = None,
        store: Store = None,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        settings = settings_of(data, store)
        if not yes:
            typer.confirm(f"Remove the {noun} {id_}?", abort=True)
        in_store(settings, partial(_remove, type_=type_, id_=id_))
        typer.echo(f"The {noun} {id_} is removed. {OUT_WITHIN}")


async def existing(documents: Documents, type_: type[Row], id_: str) -> Row:
    """Return the row with an id. Raises Refused if there is none."""
    row = await find(documents, type_, id_)
    if row is None:
        raise Refused(f"There is no {KINDS[type_]} {id_}. List them: preauth {KINDS[type_]} list.")
    return row


def refuse_row_of_others(row: Organization | Client | User) -> None:
    """Raise Refused if a start would undo a change of the row."""
    if row.source in FROM_ELSEWHERE:
        raise Refused(f"The {KINDS[type(row)]} {row.id} {FROM_ELSEWHERE[row.source]}")


async def _switch(documents: Documents, type_: type[Row], id_: str, *, disabled: bool) -> None:
    await existing(documents, type_, id_)
    await change_row(documents, type_, id_, lambda row: replace(row, disabled=disabled, locked=disabled))


async def _remove(documents: Documents, type_: type[Row], id_: str) -> None:
    refuse_row_of_others(await existing(documents, type_, id_))
    if type_ is Organization and (users := await _users_of(documents, id_)):
        raise Refused(f"The organization {id_} is in use by {', '.join(users)}. Remove these first, or disable it.")
    await remove_row(documents, type_, id_)


async def _users_of(documents: Documents, organization: str) -> list[str]:
    """Return the ids of the clients and users that act for an organization."""
    rows: list[Client | User] = [*await all_rows(documents, Client), *await all_rows(documents, User)]
    return [row.id for row in rows if organization in row.organizations]
