"""Read a software statement: the request of a client to register, change or cancel its registration.

https://hl7.org/fhir/us/udap-security/registration.html#software-statement
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from app.access.registry import ClientAuth, GrantType
from app.access.scope_intersection import common_scopes
from app.access.udap.community import Stated, UdapServer

LONGEST_LIFE = 300
SKEW = 30
LONGEST_NAME = 200
LONGEST_JTI = 256
MOST_CONTACTS = 20


class RegistrationRefused(Exception):  # noqa: N818 - a fault of the sender
    """The registration fails with an error of RFC 7591 or of UDAP. The text quotes nothing of the statement."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


class Times(Struct, frozen=True):
    """The claims that limit a statement to one use at one time."""

    exp: int | float
    iat: int | float
    jti: str


class Registration(Struct, frozen=True):
    """A valid request of a client, which `uri` identifies. Without `grants` it cancels the registration."""

    uri: str
    name: str
    scopes: tuple[str, ...]
    grants: tuple[str, ...]
    jti: str
    expires: float


class _Metadata(Struct, frozen=True):
    client_name: str
    contacts: list[str]
    grant_types: list[str]
    token_endpoint_auth_method: str
    scope: str = ""


def read_registration(stated: Stated, server: UdapServer, now: float) -> Registration:
    """Return the request of a verified software statement. Raises RegistrationRefused."""
    claims = stated.claims
    uri = claims.get("iss")
    if not isinstance(uri, str) or uri not in stated.names or claims.get("sub") != uri:
        raise _invalid("iss and sub must be a URI of the certificate")
    if claims.get("aud") != server.registration_url:
        raise _invalid("aud must be the registration endpoint")
    times = times_of(claims, now)
    if times is None:
        raise _invalid("exp must be at most 300 seconds after iat and not past, and jti must be unique")
    metadata = _metadata(claims)
    scopes = tuple(sorted(common_scopes(metadata.scope.split(), server.scopes)))
    if metadata.grant_types and not scopes:
        raise _unusable("scope must have a system scope that this server allows")
    grants = tuple(metadata.grant_types)
    return Registration(uri, metadata.client_name, scopes, grants, times.jti, times.exp)


def times_of(claims: Any, now: float) -> Times | None:
    """Return the times of a statement or assertion if it is valid now and for at most 300 seconds, or None."""
    try:
        times = msgspec.convert(claims, Times)
    except msgspec.ValidationError:
        return None
    is_timely = times.iat <= now + SKEW and now < times.exp + SKEW and times.exp - times.iat <= LONGEST_LIFE
    return times if is_timely and 0 < len(times.jti) <= LONGEST_JTI else None


def _metadata(claims: Any) -> _Metadata:
    try:
        metadata = msgspec.convert(claims, _Metadata)
    except msgspec.ValidationError as malformed:
        raise _unusable("client_name, contacts, grant_types and token_endpoint_auth_method are required") from malformed
    if not 0 < len(metadata.client_name) <= LONGEST_NAME or not metadata.client_name.isprintable():
        raise _unusable(f"client_name must have 1 to {LONGEST_NAME} printable characters")
    mail = [contact for contact in metadata.contacts if contact.startswith("mailto:")]
    if not mail or len(metadata.contacts) > MOST_CONTACTS:
        raise _unusable("contacts must have a mailto: address")
    if metadata.grant_types not in ([], [GrantType.CLIENT_CREDENTIALS]):
        raise _unusable("grant_types must be client_credentials, or empty to cancel the registration")
    if metadata.token_endpoint_auth_method != ClientAuth.PRIVATE_KEY_JWT:
        raise _unusable("token_endpoint_auth_method must be private_key_jwt")
    return metadata


def _invalid(fault: str) -> RegistrationRefused:
    return RegistrationRefused("invalid_software_statement", f"The software statement is invalid: {fault}.")


def _unusable(fault: str) -> RegistrationRefused:
    return RegistrationRefused("invalid_client_metadata", f"The client metadata cannot be used: {fault}.")
