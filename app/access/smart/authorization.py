"""Read a client's request to sign a user in: https://hl7.org/fhir/smart-app-launch/app-launch.html.

A fault of the client or of the redirect is shown to the user and never redirects. Any other fault goes back to the
client, with its `state`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from app.access.registry import Client, GrantType
from app.access.smart.proof_key import METHOD, is_challenge
from app.access.smart.redirects import is_registered

Parameters = Sequence[tuple[str, str]]

LONGEST = 2048
"""The most characters of a parameter."""

MOST_SCOPES = 30

ONCE = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "aud", "resource", "launch", "nonce", "prompt"),
    *("code_challenge", "code_challenge_method", "response_mode", "max_age"),
)
"""The parameters that the server reads; each must occur once. Others are ignored, as RFC 6749 demands."""

Prompt = Literal["", "none", "login", "consent"]
_PROMPTS: Mapping[str, Prompt] = {"": "", "none": "none", "login": "login", "consent": "consent"}


class NotAddressed(Exception):  # noqa: N818 - a fault of the client, shown to the user
    """The client or its redirect URI is unknown, so the browser must not be sent anywhere. The text is for the user."""


class SignInRefused(Exception):  # noqa: N818 - an answer to the client
    """The client gets an error: a code of RFC 6749, section 4.1.2.1, and a text."""

    def __init__(self, error: str, text: str) -> None:
        self.error, self.text = error, text
        super().__init__(error)


class SignIn(Struct, frozen=True, kw_only=True):
    """A valid request to sign a user in. `base` is the FHIR base that the token is for."""

    client: Client
    redirect_uri: str
    state: str
    scopes: tuple[str, ...]
    base: str
    challenge: str
    launch: str | None = None
    nonce: str | None = None
    prompt: Prompt = ""
    max_age: int | None = None


def redirect_of(parameters: Parameters, client: Client | None) -> str:
    """Return the registered redirect URI of the request. Raises NotAddressed."""
    if client is None or GrantType.AUTHORIZATION_CODE not in client.grants:
        raise NotAddressed("No app with this client_id is registered for this server.")
    uris = [value for name, value in parameters if name == "redirect_uri"]
    if len(uris) != 1 or not is_registered(client, uris[0]):
        raise NotAddressed("The app did not name one of its registered addresses (redirect_uri).")
    return uris[0]


def client_id_of(parameters: Parameters) -> str:
    """Return the id of the client; empty if there is none, or more than one."""
    ids = [value for name, value in parameters if name == "client_id"]
    return ids[0] if len(ids) == 1 else ""


def state_of(parameters: Parameters) -> str | None:
    """Return the client's `state`, which goes back to it in every answer; None if it is unusable."""
    states = [value for name, value in parameters if name == "state"]
    return states[0] if len(states) == 1 and 0 < len(states[0]) <= LONGEST else None


def read_sign_in(parameters: Parameters, client: Client, bases: Collection[str]) -> SignIn:
    """Read a request whose client and redirect are known. Raises SignInRefused."""
    values = _once(parameters)
    if values.get("response_type") != "code":
        raise SignInRefused("unsupported_response_type", "response_type must be code.")
    if values.get("response_mode", "query") != "query":
        raise SignInRefused("invalid_request", "response_mode must be query.")
    if not values.get("state"):
        raise SignInRefused("invalid_request", "state is required.")
    if values.get("code_challenge_method") != METHOD or not is_challenge(values.get("code_challenge", "")):
        raise SignInRefused("invalid_request", "code_challenge with code_challenge_method=S256 is required.")
    scopes = tuple(dict.fromkeys(values.get("scope", "").split()))
    if not 0 < len(scopes) <= MOST_SCOPES:
        raise SignInRefused("invalid_scope", f"scope must have 1 to {MOST_SCOPES} scopes.")
    return SignIn(
        client=client,
        redirect_uri=values["redirect_uri"],
        state=values["state"],
        scopes=scopes,
        base=_base(values, bases),
        challenge=values["code_challenge"],
        launch=values.get("launch"),
        nonce=values.get("nonce"),
        prompt=_prompt(values.get("prompt", "")),
        max_age=_max_age(values.get("max_age")),
    )


def _once(parameters: Parameters) -> dict[str, str]:
    known = [(name, value) for name, value in parameters if name in ONCE]
    values = dict(known)
    if len(values) < len(known):
        raise SignInRefused("invalid_request", "A parameter must not be repeated.")
    if any(len(value) > LONGEST or not value.isprintable() for value in values.values()):
        raise SignInRefused("invalid_request", f"A parameter must be printable, of at most {LONGEST} characters.")
    return values


def _base(values: dict[str, str], bases: Collection[str]) -> str:
    """Return the FHIR base that `aud` (or its synonym `resource`) names."""
    named = {values[name].rstrip("/") for name in ("aud", "resource") if name in values}
    if len(named) != 1 or not named <= set(bases):
        raise SignInRefused("invalid_request", "aud must be the address of a FHIR base of this server.")
    return named.pop()


def _prompt(text: str) -> Prompt:
    if text not in _PROMPTS:
        raise SignInRefused("invalid_request", "prompt must be none, login or consent.")
    return _PROMPTS[text]


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):  # noqa: PLR2004 - a day has five digits
        raise SignInRefused("invalid_request", "max_age must be a number of seconds.")
    return int(text)
