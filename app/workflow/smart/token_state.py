"""Say what a token is worth now, and revoke tokens.

https://www.rfc-editor.org/rfc/rfc7662 (introspection), https://www.rfc-editor.org/rfc/rfc7009 (revocation)
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from msgspec import UNSET, Struct, UnsetType

from app.access.grant import InvalidToken
from app.access.registry import Client
from app.access.smart.access_token import Confirmation
from app.access.smart.app_tokens import or_unset
from app.access.smart.consent_scopes import still_granted
from app.access.smart.key_source import KeysUnavailable
from app.access.smart.oauth_error import OAuthError
from app.access.verifier import Verified
from app.ports import Conflict
from app.records.smart.kinds import FAMILIES, REVOKED, Family, Revoked
from app.records.smart.shelf import Kept, digest
from app.workflow.registry.grants import grant_of
from app.workflow.smart.families import is_current, lasts, read_refresh_token, revoke_family
from app.workflow.smart.redeem import user_of
from app.workflow.smart.sessions import is_over
from app.workflow.system import System


class TokenState(Struct, frozen=True, kw_only=True):
    """The answer of introspection. An inactive token has no other field."""

    active: bool
    scope: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    exp: int | UnsetType = UNSET
    iss: str | UnsetType = UNSET
    sub: str | UnsetType = UNSET
    token_type: str | UnsetType = UNSET
    cnf: Confirmation | UnsetType = UNSET
    patient: str | UnsetType = UNSET
    fhir_user: str | UnsetType = msgspec.field(default=UNSET, name="fhirUser")


INACTIVE = TokenState(active=False)


async def state_of(system: System, client: Client, token: str) -> TokenState:
    """Return the state of an access token, or of a refresh token of this client."""
    verified = await _verified(system, token)
    if verified is not None:
        return await _state_of_access(system, verified)
    kept = await _family_of(system, client, token)
    if kept is None or not is_current(read_refresh_token(token), kept.value):
        return INACTIVE
    approval = kept.value.approval
    try:
        await user_of(system, client, approval)
    except OAuthError:
        return INACTIVE
    if await is_over(system, approval):
        return INACTIVE
    return TokenState(
        active=True,
        scope=" ".join(still_granted(approval.scopes, client.scopes)),
        client_id=client.id,
        exp=int(datetime.fromisoformat(kept.document.created).timestamp()),
        iss=system.root,
        sub=approval.user,
        patient=or_unset(approval.patient),
    )


async def revoke(system: System, client: Client, token: str) -> str | None:
    """Revoke a token of this client, with its family. Any other token stays as it is, and the caller does not learn it.

    A token without a family is refused within 30 seconds by other processes, and at once by this one. Returns the `jti`
    of the revoked token, empty for a refresh token; None if the token stays as it is.
    """
    verified = await _verified(system, token)
    if verified is None:
        kept = await _family_of(system, client, token)
        if kept is None:
            return None
        await revoke_family(system, kept.id)
        return ""
    if verified.client != client.id:
        return None
    if verified.family:
        await revoke_family(system, verified.family)
    else:
        await _revoke_alone(system, verified)
    return verified.token


async def _revoke_alone(system: System, verified: Verified) -> None:
    now, key = system.clock.now(), digest(verified.token)
    until = lasts(datetime.fromtimestamp(verified.expires, UTC), 0)
    try:
        await REVOKED.keep(system.documents, key, Revoked(), now, until)
    except Conflict:  # it is revoked already
        return
    finally:
        system.identity.revocations.forget(key)


async def _verified(system: System, token: str) -> Verified | None:
    """Return what a valid access token of this server proves; None for any other text, such as another issuer's."""
    try:
        verified = await system.identity.tokens.verify(token, system.clock.now())
    except (InvalidToken, KeysUnavailable):
        return None
    return verified if verified.claimed is None else None


async def _state_of_access(system: System, verified: Verified) -> TokenState:
    identity, now = system.identity, system.clock.now()
    try:
        await identity.revocations.check(system.documents, verified, now)
        await grant_of(system.documents, identity.registry, verified, now)
    except InvalidToken:
        return INACTIVE
    return TokenState(
        active=True,
        scope=" ".join(sorted(verified.scopes)),
        client_id=verified.client,
        exp=int(verified.expires),
        iss=verified.issuer,
        sub=verified.subject,
        token_type="Bearer",  # noqa: S106 - a type
        cnf=UNSET if verified.certificate is None else Confirmation(verified.certificate),
        patient=or_unset(verified.patient),
        fhir_user=or_unset(verified.fhir_user),
    )


async def _family_of(system: System, client: Client, token: str) -> Kept[Family] | None:
    """Return the family of a refresh token, if it is of this client and not revoked."""
    kept = await FAMILIES.find(system.documents, read_refresh_token(token).id, system.clock.now())
    return kept if kept is not None and not kept.value.revoked and kept.value.approval.client == client.id else None
