"""`preauth token`: print a bearer token for a registered client of a demo server."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from app.access.grant import Role
from app.access.registry import Client
from app.access.scopes import within
from app.cli.ending import CANNOT_USE, ended
from app.cli.options import DataFolder, Store
from app.cli.tokens.known_patient import MemberId, PatientId, check_one, check_patient, member_patient, patient_of
from app.cli.tokens.registered import registered_client
from app.cli.tokens.signing import demo_settings, server_of, signed
from app.search.granular import check_scopes
from app.settings import Settings
from app.workflow.registry.principal import Principal

_NO_PATIENT = (
    "stands for no patient by itself: name one with --patient or --member, or sign in with it (docs/tokens.md)."
)
_NO_SUBJECT = "acts for no organization and no payer, so the server would refuse its token."


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
    patient: PatientId = None,
    member: MemberId = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON token response: access_token, expires_in, scope, patient.")
    ] = False,
) -> None:
    """Print a bearer token for a registered client of a demo server.

    The command signs the token with the key in the data folder, for the server that used the folder last. It looks the
    client and the Patient up in the server's store. In production, clients get their tokens from the server. Exit
    codes: 2 if no server used the folder yet, or if an option or a PREAUTH_* variable cannot be used; 3 if the key
    cannot be used.

    An app without a patient of its own, such as patient-app, needs --patient or --member.

    Example: preauth token biller --data ./data --scope "system/Claim.crs system/ClaimResponse.rs"
    """
    settings = demo_settings(data, store, "clients get their tokens from the server.")
    server = server_of(settings)
    principal = registered_client(settings, client)
    scopes = _scopes(principal, scope)
    named = _patient(settings, principal, patient, member)
    minted = signed(settings, server, principal, scopes, named)
    typer.echo(_response(minted, settings, principal, scopes, named) if as_json else minted)


def _patient(settings: Settings, client: Client, patient: str | None, member: str | None) -> str | None:
    """Return the Patient that the token is for; None without one. Ends the command if the token would be refused."""
    named = patient or member
    if named:
        check_one(patient, member)
    if named and client.role is not Role.PATIENT:
        hint = "--member" if member else "--patient"
        raise typer.BadParameter(f"client {client.id} is not a patient", param_hint=hint)
    principal = Principal(client, client.organizations, payers=frozenset(client.payers))
    if not principal.has_subject(is_person_known=bool(named or client.member)):
        raise ended(f"{client.id} {_NO_PATIENT if client.role is Role.PATIENT else _NO_SUBJECT}", CANNOT_USE)
    if member is not None:
        return patient_of(settings, member)
    if patient is not None:
        check_patient(settings, patient)
    return patient


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
