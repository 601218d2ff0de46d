"""Record the acts of the authorization server: what it grants waits for its AuditEvent, what it refuses does not."""

from __future__ import annotations

from contextlib import suppress

from app.access.registry import Client, User
from app.access.smart.access_token import claims_of
from app.access.smart.credentials import LONGEST_CLIENT_ID, Form, read_credentials
from app.access.smart.oauth_error import OAuthError
from app.audit.access import Actor, Origin, Outcome
from app.audit.admission import Admission, Admits
from app.fhir.instants import sortable
from app.ports import StoreUnavailable
from app.records.access.registry import find
from app.workflow.audit.payers import payers_concerned
from app.workflow.system import System


async def record_token(system: System, origin: Origin, token: str) -> None:
    """Store the AuditEvent of an access token that is about to be handed out. Raises StoreUnavailable: keep it then."""
    claims = claims_of(token)
    user = "" if claims.sub == claims.client_id else claims.sub
    actor, payers = await _admitted(system, origin, claims.client_id, user, claims.jti)
    await _store(system, actor, Admission(act=Admits.TOKEN, payers=payers, patient=claims.patient or ""))


async def record_login(system: System, origin: Origin, client: str, user: str) -> None:
    """Store the AuditEvent of a login. Raises StoreUnavailable: the user is not signed in then."""
    actor, payers = await _admitted(system, origin, client, user)
    await _store(system, actor, Admission(act=Admits.LOGIN, payers=payers))


async def record_revocation(system: System, origin: Origin, client: str, token: str) -> None:
    """Store the AuditEvent of a revocation by the client; `token` is the `jti`, or empty for a refresh token."""
    actor, payers = await _admitted(system, origin, client, "", token)
    await _store(system, actor, Admission(act=Admits.REVOCATION, payers=payers))


async def record_launch(system: System, actor: Actor, patient: str, payers: tuple[str, ...]) -> None:
    """Store the AuditEvent of a launch for a patient. Raises StoreUnavailable: keep the handle then."""
    concerned = payers_concerned(system.payers, payers)
    await _store(system, actor, Admission(act=Admits.LAUNCH, payers=concerned, patient=patient))


def record_refused_launch(system: System, actor: Actor, payers: tuple[str, ...], reason: str) -> None:
    """Store soon that a launch was refused."""
    refused = Admission(
        act=Admits.LAUNCH, payers=payers_concerned(system.payers, payers), outcome=Outcome.DENIED, reason=reason
    )
    system.audit.queue(system.documents, system.ids, (actor, refused))


async def record_refused(
    system: System, origin: Origin, act: Admits, reason: str, *, client: str = "", user: str = ""
) -> None:
    """Store soon that an act was refused. Names that are not registered are left out: they may be secrets."""
    known_client, known_user = False, None
    with suppress(StoreUnavailable):
        known_client = bool(client) and await find(system.documents, Client, client) is not None
        known_user = await find(system.documents, User, user) if user else None
    of_user = () if known_user is None else (*known_user.payers, *(known_user.member or ())[:1])
    refused = Admission(
        act=act,
        payers=payers_concerned(system.payers, of_user),
        claimed_client=client if known_client else "",
        claimed_user=user if known_user else "",
        outcome=Outcome.DENIED,
        reason=reason,
    )
    actor = Actor(sortable(system.clock.now()), None, origin=origin)
    system.audit.queue(system.documents, system.ids, (actor, refused))


def client_named(form: Form, authorization: str | None) -> str:
    """Return the client that a refused request names; empty if it names none."""
    try:
        return read_credentials(form, authorization).client[:LONGEST_CLIENT_ID]
    except OAuthError:
        return form.get("client_id", "")[:LONGEST_CLIENT_ID]


async def _admitted(
    system: System, origin: Origin, client: str, user: str, token: str = ""
) -> tuple[Actor, tuple[str, ...]]:
    """Return the actor, and the payers whose auditors see its event."""
    now = system.clock.now()
    principal = await system.identity.registry.principal(client, user, now)
    if principal is None:
        actor = Actor(sortable(now), client, user=user, token=token, origin=origin)
        return actor, payers_concerned(system.payers)
    role = principal.client.role if principal.user is None else principal.user.role
    organization = next(iter(principal.organizations), None)
    of_member = () if principal.user is None else (principal.user.member or ())[:1]
    payers = payers_concerned(system.payers, sorted(principal.payers), of_member)
    return Actor(sortable(now), client, organization, role, user, token, origin), payers


async def _store(system: System, actor: Actor, admission: Admission) -> None:
    await system.audit.write(system.documents, system.ids, [(actor, admission)])
