"""Read a client's request to sign a user in, against the registered clients, the scopes and the launch."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from app.access.registry import Client
from app.access.smart.authorization import (
    NotAddressed,
    Parameters,
    SignIn,
    SignInRefused,
    client_id_of,
    read_sign_in,
    redirect_of,
    state_of,
)
from app.access.smart.consent_scopes import LAUNCH, grantable
from app.access.smart.redirects import with_parameters
from app.records.smart.kinds import LAUNCHES, Launch
from app.records.smart.shelf import Kept, digest
from app.search.granular import check_scopes
from app.workflow.system import System


class Requested(Struct, frozen=True):
    """A client's request to sign a user in, and the launch that it names, as read once for the step."""

    sign_in: SignIn
    launch: Kept[Launch] | None = None


async def client_of(system: System, parameters: Parameters) -> Client:
    """Return the client to whose registered redirect every other answer goes. Raises NotAddressed."""
    id_ = client_id_of(parameters)
    principal = await system.identity.registry.principal(id_, "", system.clock.now()) if id_ else None
    client = None if principal is None else principal.client
    redirect_of(parameters, client)
    if client is None:
        raise NotAddressed
    return client


async def sign_in_of(system: System, parameters: Parameters, client: Client, bases: Collection[str]) -> Requested:
    """Return the request, with the scopes that can be granted, and its launch. Raises SignInRefused."""
    sign_in = read_sign_in(parameters, client, bases)
    scopes = grantable(sign_in.scopes, client.scopes, client.role)
    check_together(scopes)
    if sign_in.launch is None:
        return Requested(replace(sign_in, scopes=tuple(scope for scope in scopes if scope != LAUNCH)))
    launch = await LAUNCHES.find(system.documents, digest(sign_in.launch), system.clock.now())
    if LAUNCH not in scopes or launch is None or launch.value.client not in ("", client.id):
        raise SignInRefused("invalid_request", "launch must be a handle that this server made, for an app with launch.")
    return Requested(replace(sign_in, scopes=scopes), launch)


def check_together(scopes: Collection[str]) -> None:
    """Check that the server can enforce granular scopes, each and together. Raises SignInRefused."""
    try:
        check_scopes(scopes)
    except ValueError as unsupported:
        raise SignInRefused("invalid_scope", str(unsupported)) from unsupported


def check_user(requested: Requested, user: str) -> None:
    """Check that the user may use the launch. Raises SignInRefused."""
    if requested.launch is not None and requested.launch.value.user not in ("", user):
        raise SignInRefused("access_denied", "The launch is of another user.")


def refused_to(parameters: Parameters, client: Client, refused: SignInRefused) -> str:
    """Return the URL of the client that tells it why the user was not signed in."""
    state = state_of(parameters)
    answer = {"error": refused.error, "error_description": refused.text}
    return with_parameters(redirect_of(parameters, client), answer if state is None else {**answer, "state": state})
