"""`preauth client`: register clients, and replace their keys and secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from app.access.grant import Role
from app.access.registry import Client, ClientAuth
from app.cli.options import DataFolder, Store, named_path
from app.cli.registry import options
from app.cli.registry.common import add_shared_commands
from app.cli.registry.credentials import Credentials, new_credentials
from app.cli.registry.options import AsJson, Id, KeyFolder, KeySet, MemberOf, Name, Organizations, Payers, values
from app.cli.registry.registering import register, row_of
from app.cli.registry.rotating import rotated
from app.cli.registry.shown import print_json, shown
from app.cli.registry.store import in_store, settings_of
from app.registry.rows import ClientRow
from app.settings import Settings

app = typer.Typer(help="Register, list, disable and remove clients.", no_args_is_help=True)
add_shared_commands(app, Client)

_ADD = """Register a client. Running servers know it at once.

A client that signs (private_key_jwt) without --jwks gets a new key pair: the command writes the private key to
ID.private-key.json, which only you can read. A client with a secret (client_secret_basic) gets a new one: the command
prints it once. Exit codes: 2 if an option cannot be used or the id is taken; 3 if the store cannot be used.

Example: preauth client add acme-ehr --organization acme --scope system/Claim.cs --scope system/ClaimResponse.rs
"""


@app.callback()
def client() -> None:
    """Register, list, disable and remove clients."""


@app.command(help=_ADD)
def add(
    id_: Id,
    *,
    role: Annotated[Role, typer.Option(help="Its role.")] = Role.PROVIDER,
    scope: options.Scopes,
    name: Name = "",
    organization: Organizations = None,
    payer: Payers = None,
    member: MemberOf = None,
    grant: options.Grants = None,
    auth: options.Auth = ClientAuth.PRIVATE_KEY_JWT,
    jwks: KeySet = None,
    redirect_uri: options.RedirectUris = None,
    origin: options.Origins = None,
    hook: options.Hooks = None,
    certificate: options.Certificates = None,
    issuer: options.Issuer = None,
    key_folder: KeyFolder = Path(),
    data: DataFolder = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Register a client with a new or its own proof of identity."""
    given = values(
        id=id_, role=role, name=name, organizations=organization, payers=payer, member=member, scopes=scope,
        grants=grant, auth=auth, redirect_uris=redirect_uri, origins=origin, hooks=hook, certificates=certificate,
        issuer=issuer, **_key_set(jwks),
    )  # fmt: skip
    _add(given, key_folder, settings_of(data, store), as_json=as_json)


def _key_set(jwks: str | None) -> dict[str, str]:
    is_url = jwks is not None and jwks.startswith(("https://", "http://"))
    return {} if jwks is None else {"jwks_uri" if is_url else "jwks_file": jwks}


def _add(given: Mapping[str, object], key_folder: Path, settings: Settings, *, as_json: bool) -> None:
    row = row_of(given, ClientRow).registered(Path())
    credentials = new_credentials(row, key_folder)
    registered = credentials.given_to(row)
    with credentials.kept_if_registered():
        in_store(settings, lambda documents: register(documents, registered, settings))
    _print(registered, credentials, as_json=as_json, done="registered")


@app.command()
def rotate(
    id_: Id,
    *,
    jwks: Annotated[
        Path | None, typer.Option(help="File of its new public keys.", parser=named_path, show_default="a new key pair")
    ] = None,
    overlap: Annotated[
        float, typer.Option(help="Hours for which the old secret or keys stay valid, too.", min=0, max=24 * 90)
    ] = 24,
    key_folder: KeyFolder = Path(),
    data: DataFolder = None,
    store: Store = None,
    as_json: AsJson = False,
) -> None:
    """Give a client a new secret or new keys. The old ones stay valid for the overlap; older ones end at once.

    Exit codes: 2 if the client has no secret or keys here, or comes from a file with them; 3 if the store cannot be
    used.

    Example: preauth client rotate acme-ehr --overlap 48
    """
    settings = settings_of(data, store)
    row, credentials = in_store(settings, lambda documents: rotated(documents, id_, jwks, key_folder, overlap))
    _print(row, credentials, as_json=as_json, done=f"rotated. The old ones are valid for {overlap:g} hours more")


def _print(row: Client, credentials: Credentials, *, as_json: bool, done: str) -> None:
    if as_json:
        print_json({**shown(row), **credentials.printed()})
        return
    typer.echo(f"The client {row.id} is {done}.")
    if credentials.secret:
        typer.echo(f"Its secret, shown only now: {credentials.secret}")
    if credentials.key_file:
        typer.echo(f"Its private key, for the client only: {credentials.key_file}")
