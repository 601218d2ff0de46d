"""Describe the tokens of an app that a user allowed: access token, id token, and the answer that carries them.

https://hl7.org/fhir/smart-app-launch/app-launch.html#response-5
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

ID_TOKEN = "JWT"  # noqa: S105 - a type of JWT


class AppLifetimes(Struct, frozen=True):
    """The lifetimes of an app's access tokens, and of its refresh tokens without use, in seconds."""

    access: int = 900
    refresh: int = 2_592_000


class IdClaims(Struct, frozen=True, kw_only=True, rename={"fhir_user": "fhirUser"}):
    """The claims of an id token: https://openid.net/specs/openid-connect-core-1_0.html#IDToken."""

    iss: str
    sub: str
    aud: str
    iat: int
    exp: int
    auth_time: int
    nonce: str | UnsetType = UNSET
    fhir_user: str | UnsetType = UNSET


class TokenAnswer(Struct, frozen=True, kw_only=True):
    """The answer of the token endpoint to an app."""

    access_token: str
    expires_in: int
    scope: str
    token_type: str = "Bearer"  # noqa: S105 - a type
    refresh_token: str | UnsetType = UNSET
    id_token: str | UnsetType = UNSET
    patient: str | UnsetType = UNSET
    need_patient_banner: bool | UnsetType = UNSET


def or_unset(value: Any) -> Any:
    """Return the value, or the mark that leaves its field out of the JSON if there is none."""
    return UNSET if value in (None, "") else value
