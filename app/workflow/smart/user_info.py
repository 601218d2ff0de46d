"""Tell an app about its user: https://openid.net/specs/openid-connect-core-1_0.html#UserInfo."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, Struct, UnsetType

from app.access.smart.app_tokens import or_unset
from app.access.smart.consent_scopes import OPENID, PROFILE
from app.access.verifier import Verified
from app.workflow.system import System


class UserInfo(Struct, frozen=True, kw_only=True):
    """The claims about a user that the user allowed: `fhirUser` by its scope, `name` by `profile`."""

    sub: str
    name: str | UnsetType = UNSET
    fhir_user: str | UnsetType = msgspec.field(default=UNSET, name="fhirUser")


async def user_info(system: System, verified: Verified, now: datetime) -> UserInfo | None:
    """Return the claims about the user of a token of this server; None if the token has no user, or no `openid`."""
    if verified.claimed is not None or verified.subject == verified.client or OPENID not in verified.scopes:
        return None
    principal = await system.identity.registry.principal(verified.client, verified.subject, now)
    if principal is None or principal.user is None:
        return None
    name = principal.user.name if PROFILE in verified.scopes else ""
    return UserInfo(sub=verified.subject, name=or_unset(name), fhir_user=or_unset(verified.fhir_user))
