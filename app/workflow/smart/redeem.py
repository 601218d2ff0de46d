"""Give an app its first tokens for an authorization code: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from app.access.registry import Client, GrantType, User
from app.access.smart.access_token import confirmation_of
from app.access.smart.app_tokens import TokenAnswer
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.consent_scopes import is_refreshable
from app.access.smart.credentials import Form, Proved
from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.access.smart.proof_key import proves
from app.ports import Conflict
from app.records.access.registry import find
from app.records.smart.kinds import CODES, Approval, Code
from app.records.smart.shelf import Kept, digest
from app.workflow.smart.app_answer import app_answer
from app.workflow.smart.families import RefreshToken, lasts, revoke_family, start_family
from app.workflow.smart.patients import rights_of
from app.workflow.smart.sessions import password_of
from app.workflow.system import System

_REFUSED = (
    "The code is unknown, expired or used, or belongs to another client, redirect_uri or code_verifier. "
    "Codes are good once, for 60 seconds."
)


async def redeem(system: System, server: AuthorizationServer, proved: Proved, form: Form) -> TokenAnswer:
    """Return the tokens for a code. A second use of a code revokes the tokens of the first. Raises OAuthError."""
    now, client = system.clock.now(), proved.client
    kept = await CODES.find(system.documents, digest(form.get("code", "")), now)
    if kept is None or kept.value.approval.client != client.id:
        raise refused()
    code = kept.value
    if code.family:
        await revoke_family(system, code.family)
        raise refused()
    if not _is_proved(code, form, now):
        raise refused()
    user = await user_of(system, client, code.approval)
    first, refreshable = await _used(system, server, client, kept)
    return await app_answer(
        server,
        now,
        code.approval,
        user,
        code.approval.scopes,
        family=first.id,
        refresh_token=first.text if refreshable else None,
        binding=confirmation_of(client.certificates),
        nonce=code.nonce,
    )


async def user_of(system: System, client: Client, approval: Approval) -> User:
    """Return the user of a consent, if the user may still use the client, and has the same password and patient.

    Raises OAuthError.
    """
    user = await find(system.documents, User, approval.user)
    if (
        user is None
        or user.disabled
        or password_of(user) != approval.password
        or await rights_of(system, client, user, approval.patient) is None
    ):
        raise OAuthError(OAuthFault.INVALID_GRANT, "The user who allowed the access has no access any more.")
    return user


def refused() -> OAuthError:
    """Return the refusal of a code: one text for all reasons."""
    return OAuthError(OAuthFault.INVALID_GRANT, _REFUSED)


def _is_proved(code: Code, form: Form, now: datetime) -> bool:
    return (
        now.timestamp() < code.expires
        and form.get("redirect_uri") == code.redirect_uri
        and proves(form.get("code_verifier", ""), code.challenge)
    )


async def _used(
    system: System, server: AuthorizationServer, client: Client, kept: Kept[Code]
) -> tuple[RefreshToken, bool]:
    """Use the code up; return the first token of its family, and whether it is a good one. Raises OAuthError.

    The family is stored first: a second use finds it, also if this process ends in between.
    """
    now, approval = system.clock.now(), kept.value.approval
    refreshable = is_refreshable(approval.scopes) and GrantType.REFRESH_TOKEN in client.grants
    lifetimes = server.app_lifetimes
    until = lasts(now, lifetimes.refresh if refreshable else lifetimes.access)
    first = await start_family(system, approval, now, until, refreshable=refreshable)
    try:
        remembered = max(until, now + timedelta(days=1))
        await CODES.change(system.documents, kept, replace(kept.value, family=first.id), now, remembered)
    except Conflict:
        await revoke_family(system, first.id)
        again = await CODES.find(system.documents, kept.id, now)
        if again is not None and again.value.family:
            await revoke_family(system, again.value.family)
        raise refused() from None
    return first, refreshable
