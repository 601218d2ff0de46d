"""Give an app new tokens for a refresh token: https://www.rfc-editor.org/rfc/rfc6749#section-6."""

from __future__ import annotations

from datetime import timedelta

from app.access.registry import Client
from app.access.smart.access_token import confirmation_of
from app.access.smart.app_tokens import TokenAnswer
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.consent_scopes import are_narrower, still_granted
from app.access.smart.credentials import Form, Proved
from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.records.smart.kinds import FAMILIES, Approval
from app.workflow.smart.app_answer import app_answer
from app.workflow.smart.client_credentials import check_enforceable
from app.workflow.smart.families import is_current, lasts, read_refresh_token, revoke_family, rotated
from app.workflow.smart.redeem import user_of
from app.workflow.smart.sessions import is_over
from app.workflow.system import System

_REFUSED = (
    "The refresh token is unknown, expired, revoked or used, or belongs to another client. A token is good once; "
    "using one again revokes its successors."
)


async def refresh(system: System, server: AuthorizationServer, proved: Proved, form: Form) -> TokenAnswer:
    """Return new tokens, with a new refresh token. A token that was used before revokes the family.

    `scope` may name fewer scopes than the user allowed. Raises OAuthError.
    """
    now, client = system.clock.now(), proved.client
    token = read_refresh_token(form.get("refresh_token", ""))
    kept = await FAMILIES.find(system.documents, token.id, now)
    if kept is None or kept.value.revoked or not kept.value.current or kept.value.approval.client != client.id:
        raise _refused()
    if not is_current(token, kept.value):
        await revoke_family(system, kept.id)
        raise _refused()
    approval = kept.value.approval
    if await is_over(system, approval):
        raise OAuthError(OAuthFault.INVALID_GRANT, "The user has signed out.")
    user = await user_of(system, client, approval)
    scopes = _scopes(approval, client, form.get("scope"))
    until = max(lasts(now, server.app_lifetimes.refresh), now + timedelta(seconds=server.app_lifetimes.access))
    following = await rotated(system, token, kept, now, until)
    if following is None:
        raise _refused()
    binding = confirmation_of(client.certificates)
    return await app_answer(
        server, now, approval, user, scopes, family=kept.id, refresh_token=following.text, binding=binding
    )


async def with_client(system: System, form: Form) -> Form:
    """Return the form with the `client_id` of its refresh token, if it names no client.

    SMART's JavaScript client leaves it out. A client that must prove its identity still has to.
    """
    if any(name in form for name in ("client_id", "client_assertion", "client_assertion_type")):
        return form
    token = read_refresh_token(form.get("refresh_token", ""))
    kept = await FAMILIES.find(system.documents, token.id, system.clock.now())
    return form if kept is None else {**form, "client_id": kept.value.approval.client}


def _scopes(approval: Approval, client: Client, requested: str | None) -> tuple[str, ...]:
    allowed = still_granted(approval.scopes, client.scopes)
    scopes = allowed if requested is None else tuple(dict.fromkeys(requested.split()))
    if requested is not None and not are_narrower(scopes, allowed):
        raise OAuthError(OAuthFault.INVALID_SCOPE, "scope must name scopes that the user allowed, or be absent.")
    check_enforceable(scopes)
    return scopes


def _refused() -> OAuthError:
    return OAuthError(OAuthFault.INVALID_GRANT, _REFUSED)
