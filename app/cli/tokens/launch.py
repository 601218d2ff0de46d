"""`preauth launch`: launch an app from a demo server as the portal of a provider does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import httpx
import msgspec
import typer

from app.access.origins import origin_of_uri
from app.access.registry import Client, GrantType
from app.access.smart.consent_scopes import LAUNCH
from app.access.smart.redirects import with_parameters
from app.cli.ending import CANNOT_USE, ended
from app.cli.options import DataFolder, Store
from app.cli.tokens.known_patient import MemberId, PatientId, check_one, read_member
from app.cli.tokens.registered import registered_client
from app.cli.tokens.signing import demo_settings, server_of, signed
from app.demo.by_hand import command
from app.settings import Settings

TIMEOUT = 10
_PORTAL_SCOPES = ("system/Patient.rs",)


class _Minted(msgspec.Struct, frozen=True):
    """The answer of the server."""

    launch: str
    iss: str
    expires_in: int


def launch(
    client: Annotated[
        str, typer.Argument(help="Id of the app, such as provider-app.", show_default=False, metavar="CLIENT")
    ],
    *,
    patient: PatientId = None,
    member: MemberId = None,
    portal: Annotated[str, typer.Option(help="The client that launches the app. It must see the patient.")] = "ehr-a",
    url: Annotated[
        str | None,
        typer.Option(help="Launch URL of the app.", show_default="/launch at the origin of its first redirect URI"),
    ] = None,
    data: DataFolder = None,
    store: Store = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: launch, iss, expires_in, url.")] = False,
) -> None:
    """Print the URL that launches an app for a patient (SMART EHR launch), for testing an app with a demo server.

    The server must be running. The command asks it for a launch handle with a token of the portal, so that all checks
    and the audit trail are those of a real portal. The handle is good once, for five minutes, for this app. Then a user
    who sees the patient signs in, such as front-desk. In production, a portal gets handles at /oauth/launch.

    Example: preauth launch provider-app --member sample-payer/M001 --url http://localhost:8002/launch
    """
    settings = demo_settings(data, store, "a portal gets launch handles with its own token at /oauth/launch.")
    server = server_of(settings)
    app = _app(settings, client)
    launch_url = url or _launch_url(app)
    form = {**_context(patient, member), "client_id": app.id}
    token = signed(settings, server, registered_client(settings, portal), _PORTAL_SCOPES)
    minted = _minted(settings, server[1], form, token)
    opened = with_parameters(launch_url, {"iss": minted.iss, "launch": minted.launch})
    shown = msgspec.json.encode({**msgspec.to_builtins(minted), "url": opened}).decode()
    typer.echo(shown if as_json else opened)


def _app(settings: Settings, name: str) -> Client:
    client = registered_client(settings, name)
    if LAUNCH not in client.scopes or GrantType.AUTHORIZATION_CODE not in client.grants:
        sentence = (
            f"{name} must be an app with the scope launch, such as provider-app. Other apps start at their own page."
        )
        raise ended(sentence, CANNOT_USE)
    return client


def _launch_url(app: Client) -> str:
    origin = next((origin for uri in app.redirect_uris if (origin := origin_of_uri(uri))), None)
    if origin is None:
        raise ended(f"--url must name the launch URL of {app.id}: it has no redirect URI of the web.", CANNOT_USE)
    return f"{origin}/launch"


def _context(patient: str | None, member: str | None) -> Mapping[str, str]:
    check_one(patient, member)
    if member is None:
        return {"patient": patient or ""}
    payer, id_ = read_member(member)
    return {"payer": payer, "member": id_}


def _minted(settings: Settings, root: str, form: Mapping[str, str], token: str) -> _Minted:
    """Ask the running server for a handle."""
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = httpx.post(f"{root}/oauth/launch", data=dict(form), headers=headers, timeout=TIMEOUT, trust_env=False)
    except httpx.HTTPError as silent:
        start = command("serve", settings.data)
        raise ended(f"No server answers at {root}. Start it first: {start}", CANNOT_USE) from silent
    if answer.is_success:
        return msgspec.json.decode(answer.content, type=_Minted)
    try:
        reason = str(answer.json()["error_description"])
    except (ValueError, KeyError, TypeError):
        reason = f"The server answered {answer.status_code}."
    raise ended(f"{reason} A portal sees the patients of its own requests; --portal names another one.", CANNOT_USE)
