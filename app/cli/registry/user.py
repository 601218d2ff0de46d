"""`preauth user`: register people who sign in, and set their passwords."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec.structs import replace

from app.access.registry import User
from app.access.smart.secret import LONGEST_SECRET, hashed, new_secret
from app.cli.ending import CANNOT_USE, ended
from app.cli.options import DataFolder, Store
from app.cli.registry.common import add_shared_commands, existing, refuse_row_of_others
from app.cli.registry.options import AnyRole, AsJson, Id, MemberOf, Name, Organizations, Payers, values
from app.cli.registry.registering import register, row_of
from app.cli.registry.shown import print_json, shown
from app.cli.registry.store import in_store, settings_of
from app.cli.registry.typed import typed_secret
from app.ports import Documents
from app.records.access.registry import change_row
from app.registry.rows import UserRow

SHORTEST_PASSWORD = 12

app = typer.Typer(help="Register, list, disable and remove people who sign in.", no_args_is_help=True)
add_shared_commands(app, User)

Generate = Annotated[
    bool, typer.Option("--generate", help="Make a random password and print it once, instead of a prompt.")
]


@app.callback()
def user() -> None:
    """Register, list, disable and remove people who sign in."""


@app.command()
def add(
    id_: Id,
    *,
    role: AnyRole,
    name: Name = "",
    organization: Organizations = None,
    payer: Payers = None,
    member: MemberOf = None,
    fhir_user: Annotated[str | None, typer.Option(help="A reference such as Practitioner/dana.")] = None,
    generate: Generate = False,
    data: DataFolder = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Register a person who signs in: a member, or staff of a provider or a payer.

    The command prompts for the password, or reads it from standard input. Exit codes: 2 if an option or the password
    cannot be used or the id is taken; 3 if the store cannot be used.

    Example: preauth user add dana --role reviewer --payer sample-payer
    """
    settings = settings_of(data, store)
    given = values(
        id=id_, role=role, name=name, organizations=organization, payers=payer, member=member, fhir_user=fhir_user
    )
    row = row_of(given, UserRow).registered()
    chosen = _chosen(generate=generate)
    registered = replace(row, password=hashed(chosen), commanded=True)
    in_store(settings, lambda documents: register(documents, registered, settings))
    _print(registered, chosen if generate else "", as_json=as_json, done="registered")


@app.command()
def password(
    id_: Id, *, generate: Generate = False, data: DataFolder = None, store: Store = None, as_json: AsJson = False
) -> None:
    """Set a new password of a user. The old one ends at once, and so do sessions and refresh tokens.

    Exit codes: 2 if the user is unknown, or has a password from a file; 3 if the store cannot be used.

    Example: preauth user password dana
    """
    settings = settings_of(data, store)
    in_store(settings, lambda documents: _changeable(documents, id_))
    chosen = _chosen(generate=generate)
    hash_ = hashed(chosen)
    row = in_store(settings, lambda documents: _changed(documents, id_, hash_))
    _print(row, chosen if generate else "", as_json=as_json, done="changed: the password is new")


async def _changeable(documents: Documents, id_: str) -> None:
    """Raise Refused if there is no such user, or if a start would bring back its old password."""
    row = await existing(documents, User, id_)
    if row.password and not row.commanded:
        refuse_row_of_others(row)


async def _changed(documents: Documents, id_: str, hash_: str) -> User:
    await change_row(documents, User, id_, lambda row: replace(row, password=hash_, commanded=True))
    return await existing(documents, User, id_)


def _chosen(*, generate: bool) -> str:
    if generate:
        return new_secret()
    text = typed_secret("Password")
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_SECRET:
        raise ended(f"The password must have {SHORTEST_PASSWORD} to {LONGEST_SECRET} characters.", CANNOT_USE)
    return text


def _print(row: User, generated: str, *, as_json: bool, done: str) -> None:
    if as_json:
        print_json({**shown(row), **({"password": generated} if generated else {})})
        return
    typer.echo(f"The user {row.id} is {done}.")
    if generated:
        typer.echo(f"The password, shown only now: {generated}")
