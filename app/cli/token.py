"""`preauth token`: print a bearer token for a registered client of a demo server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from joserfc.jwk import RSAKey

from app.access.grant import Role
from app.access.registry import Client
from app.access.scopes import within
from app.adapters.clock import system_clock
from app.adapters.tokens.key_files import load_key
from app.adapters.tokens.own_tokens import mint
from app.adapters.tokens.root_file import read_root
from app.cli.ending import CANNOT_USE, ended
from app.cli.known_patient import check_patient, member_patient
from app.cli.options import DataFolder, Store
from app.cli.registered import registered_client
from app.cli.usable import usable_keys, usable_settings
from app.search.granular import check_scopes
from app.settings import Settings


def token(
    client: Annotated[
        str, typer.Argument(help="Id of a registered client, such as ehr-a.", show_default=False, metavar="CLIENT")
    ],
    *,
    data: DataFolder = None,
    store: Store = None,
    scope: Annotated[
        str | None, typer.Option(help="Scopes of the token, separated by spaces.", show_default="all of the client")
    ] = None,
    patient: Annotated[str | None, typer.Option(help="Id of the Patient, for a token of a patient.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON token response: access_token, expires_in, scope, patient.")
    ] = False,
) -> None:
    """Print a bearer token for a registered client of a demo server.

    The command signs the token with the key in the data folder, for the server that used the folder last. It looks the
    client and the Patient up in the server's store. In production, clients get their tokens from the server. Exit
    codes: 2 if no server used the folder yet, or if an option or a PREAUTH_* variable cannot be used; 3 if the key
    cannot be used.

    Example: preauth token biller --data ./data --scope "system/Claim.crs system/ClaimResponse.rs"
    """
    settings = _settings(data, store)
    key, root = _server(settings)
    principal = _client(settings, client, patient)
    scopes = _scopes(principal, scope)
    if patient is not None:
        check_patient(settings, patient)
    now = system_clock(settings).now()
    lifetime = timedelta(seconds=settings.token_lifetime)
    minted = mint(key, root, client, scopes, now, lifetime=lifetime, patient=patient)
    typer.echo(_response(minted, settings, principal, scopes, patient) if as_json else minted)


def _settings(data: Path | None, store: str | None) -> Settings:
    settings = usable_settings(data, store=store)
    if settings.environment == "production":
        raise ended(
            "PREAUTH_ENVIRONMENT must be demo: in production, clients get their tokens from the server.", CANNOT_USE
        )
    return settings


def _server(settings: Settings) -> tuple[RSAKey, str]:
    """Return the signing key and the root URL of the server that used the data folder last."""
    with usable_keys(settings):
        return load_key(settings.data), read_root(settings.data)


def _client(settings: Settings, name: str, patient: str | None) -> Client:
    client = registered_client(settings, name)
    if patient is None:
        return client
    if client.role is not Role.PATIENT:
        raise typer.BadParameter(f"client {name} is not a patient", param_hint="--patient")
    return client


def _scopes(client: Client, requested: str | None) -> tuple[str, ...]:
    if requested is None:
        return client.scopes
    scopes = tuple(requested.split())
    try:
        check_scopes(scopes)
        covered = bool(scopes) and within(scopes, client.scopes)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--scope") from bad
    if not covered:
        raise typer.BadParameter(f"must be within {' '.join(client.scopes)}", param_hint="--scope")
    return scopes


def _response(minted: str, settings: Settings, client: Client, scopes: tuple[str, ...], patient: str | None) -> str:
    """Return a token response as JSON, with SMART's `patient`.

    https://www.rfc-editor.org/rfc/rfc6749#section-5.1
    """
    response: dict[str, str | int] = {
        "access_token": minted,
        "token_type": "Bearer",
        "expires_in": settings.token_lifetime,
        "scope": " ".join(sorted(scopes)),
    }
    if known := patient or member_patient(settings, client):
        response["patient"] = known
    return msgspec.json.encode(response).decode()
