"""`preauth token`: a bearer token for one of the demo's clients."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.access.clients import DEMO_CLIENTS, Client
from app.access.grant import Role
from app.access.scopes import within
from app.adapters.clock import SystemClock
from app.adapters.jwt_tokens import load_or_create_key, mint
from app.settings import Settings, SettingsRefused, load_settings


def token(
    client: Annotated[str, typer.Argument(help=f"One of {', '.join(DEMO_CLIENTS)}.", show_default=False)],
    data: Annotated[Path | None, typer.Option(help="The server's data folder, where its signing key is.")] = None,
    scope: Annotated[str | None, typer.Option(help="Fewer scopes than the client may have.")] = None,
    patient: Annotated[str | None, typer.Option(help="Id of the Patient that a patient's token is for.")] = None,
) -> None:
    """Print a bearer token for a demo client, and nothing else.

    Example: preauth token biller --data ./data --scope "system/Claim.crs system/ClaimResponse.rs"
    """
    settings = _settings(data)
    principal = _client(client, patient)
    scopes = _scopes(principal, scope)
    try:
        key = load_or_create_key(settings.data)
    except (RuntimeError, OSError) as unusable:
        raise _refused(str(unusable), 1) from unusable
    now = SystemClock(timedelta(seconds=settings.clock_offset)).now()
    typer.echo(mint(key, principal, scopes, now, timedelta(seconds=settings.token_lifetime)))


def _settings(data: Path | None) -> Settings:
    try:
        settings = load_settings(data=data)
    except SettingsRefused as refused:
        raise _refused(str(refused), 2) from refused
    if settings.environment == "production":
        raise _refused("The demo's clients do not exist in production.", 2)
    return settings


def _client(name: str, patient: str | None) -> Client:
    if name not in DEMO_CLIENTS:
        raise typer.BadParameter(f"takes one of {', '.join(DEMO_CLIENTS)}", param_hint="CLIENT")
    client = DEMO_CLIENTS[name]
    if patient is None:
        return client
    if client.role is not Role.PATIENT:
        raise typer.BadParameter(f"{name} is not a patient", param_hint="--patient")
    return replace(client, patient=patient)


def _scopes(client: Client, asked: str | None) -> tuple[str, ...]:
    if asked is None:
        return client.scopes
    scopes = tuple(asked.split())
    try:
        covered = bool(scopes) and within(scopes, client.scopes)
    except ValueError as bad:
        raise typer.BadParameter(str(bad), param_hint="--scope") from bad
    if not covered:
        raise typer.BadParameter(f"must be within {' '.join(client.scopes)}", param_hint="--scope")
    return scopes


def _refused(sentence: str, code: int) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(code)
