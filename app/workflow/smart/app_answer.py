"""Make the tokens of an app from the consent of its user."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from app.access.grant import Role
from app.access.registry import User
from app.access.smart import access_token
from app.access.smart.access_token import AccessClaims, Confirmation, client_claims
from app.access.smart.app_tokens import ID_TOKEN, IdClaims, TokenAnswer, or_unset
from app.access.smart.authorization_server import AuthorizationServer
from app.access.smart.consent_scopes import FHIR_USER, OPENID, needs_patient
from app.records.smart.kinds import Approval


async def app_answer(
    server: AuthorizationServer,
    now: datetime,
    approval: Approval,
    user: User,
    scopes: Collection[str],
    *,
    family: str,
    refresh_token: str | None,
    binding: Confirmation | None,
    nonce: str | None = None,
) -> TokenAnswer:
    """Return the answer to an app: an access token for `scopes`, and the parts that they ask for.

    The token has the context of the consent: the patient, if a scope needs one. `binding` is the certificate that the
    client presented.
    """
    access = replace(_access(server, approval, user, scopes, now=now, family=family), cnf=binding)
    return TokenAnswer(
        access_token=await server.signer.sign(access_token.TYPE, msgspec.json.encode(access)),
        expires_in=server.app_lifetimes.access,
        scope=access.scope,
        refresh_token=or_unset(refresh_token),
        id_token=await _id_token(server, approval, access, nonce) if OPENID in scopes else UNSET,
        patient=or_unset(access.patient),
        need_patient_banner=approval.banner if access.patient else UNSET,
    )


def _access(
    server: AuthorizationServer, approval: Approval, user: User, scopes: Collection[str], *, now: datetime, family: str
) -> AccessClaims:
    patient = approval.patient if needs_patient(scopes) else None
    token_id, lifetime = secrets.token_urlsafe(16), timedelta(seconds=server.app_lifetimes.access)
    claims = client_claims(
        server.root, approval.client, scopes, now, token_id=token_id, lifetime=lifetime, patient=patient
    )
    fhir_user = _fhir_user(approval, user) if FHIR_USER in scopes else None
    return replace(claims, sub=user.id, fhir_user=fhir_user, family=family)


async def _id_token(server: AuthorizationServer, approval: Approval, access: AccessClaims, nonce: str | None) -> str:
    claims = IdClaims(
        iss=server.root,
        sub=access.sub,
        aud=approval.client,
        iat=access.iat,
        exp=access.exp,
        auth_time=approval.since,
        nonce=or_unset(nonce),
        fhir_user=or_unset(access.fhir_user),
    )
    return await server.signer.sign(ID_TOKEN, msgspec.json.encode(claims))


def _fhir_user(approval: Approval, user: User) -> str | None:
    """Return the URL of the user's own resource at the base of the tokens; None if the user has none."""
    reference = user.fhir_user
    if reference is None and user.role is Role.PATIENT and approval.patient is not None:
        reference = f"Patient/{approval.patient}"
    return None if reference is None else f"{approval.base}/{reference}"
