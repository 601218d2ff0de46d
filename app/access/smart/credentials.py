"""Read how a client proves its identity at the endpoints of the authorization server.

https://www.rfc-editor.org/rfc/rfc6749#section-2.3 and https://www.rfc-editor.org/rfc/rfc7521#section-4.2
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from msgspec import Struct

from app.access.registry import Client
from app.access.smart.assertion import ASSERTION_TYPE, Assertion, claimed_issuer, read_assertion
from app.access.smart.oauth_error import invalid_client, invalid_request

LONGEST_CLIENT_ID = 256

Form = Mapping[str, str]


class Sender(Struct, frozen=True, kw_only=True):
    """The sender of an OAuth request: its Authorization header, its network, and its certificate's thumbprint."""

    authorization: str | None
    address: str
    certificate: str | None


class Secret(Struct, frozen=True):
    """A client id with its secret."""

    client: str
    secret: str


class PublicClient(Struct, frozen=True):
    """A client id without a proof."""

    client: str


class CertifiedAssertion(Struct, frozen=True):
    """An assertion of a UDAP client, signed with the key of its certificate and not verified yet."""

    client: str
    text: str


class Proved(Struct, frozen=True):
    """The client that a request proved, and for a UDAP client the claims of its verified assertion."""

    client: Client
    claims: Mapping[str, Any] | None = None


Credentials = Assertion | CertifiedAssertion | Secret | PublicClient


def read_credentials(form: Form, authorization: str | None) -> Credentials:
    """Return the client's one proof: an assertion, a secret (in the form or in the header), or its id alone.

    Raises OAuthError if there is none, or more than one.
    """
    proofs = [authorization is not None, "client_secret" in form, "client_assertion" in form]
    if sum(proofs) > 1:
        raise invalid_request("The request must have one proof of the client's identity, not several.")
    if authorization is not None:
        credentials: Credentials = _basic(authorization)
    elif "client_assertion" in form or "client_assertion_type" in form:
        credentials = _assertion(form)
    elif "client_id" in form:
        name = form["client_id"]
        credentials = Secret(name, form["client_secret"]) if "client_secret" in form else PublicClient(name)
    else:
        raise invalid_client("The request must prove the client's identity: it has no client_assertion.")
    if len(credentials.client) > LONGEST_CLIENT_ID or form.get("client_id", credentials.client) != credentials.client:
        raise invalid_client("client_id must be the client that the request proves.")
    return credentials


def _assertion(form: Form) -> Assertion | CertifiedAssertion:
    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise invalid_client(f"client_assertion_type must be {ASSERTION_TYPE}.")
    text = form.get("client_assertion", "")
    if form.get("udap") == "1":
        return CertifiedAssertion(claimed_issuer(text), text)
    return read_assertion(text)


def _basic(authorization: str) -> Secret:
    """Read the Authorization header: id and secret are percent-encoded before they are joined."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        credentials = Secret(unquote_plus(name, errors="strict"), unquote_plus(secret, errors="strict"))
    except ValueError:
        colon = ""
    if scheme.lower() != "basic" or not colon:
        raise invalid_client("The Authorization header must be Basic, with the client id and the secret.")
    return credentials
