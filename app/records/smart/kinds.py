"""The kinds of rows behind a sign-in, each with its shelf."""

from __future__ import annotations

from msgspec import Struct

from app.access.smart.lockouts import Lockout
from app.records.smart.shelf import Shelf


class Session(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A user's session in a browser, under the hash of its cookie.

    `since` is the time of the login, in seconds. `password` identifies the password of the login: another one ends the
    session.
    """

    user: str
    since: int
    password: str = ""


class Launch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A launch from the payer's or provider's portal, under the hash of its handle. It can be used once.

    `client` is the only app that may use it; empty: any. `user` is the only user; empty: any who sees the patient.
    `banner` says whether the app must show whose data it shows.
    """

    patient: str
    client: str = ""
    user: str = ""
    banner: bool = True


class Approval(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The consent of a user to a client, with all facts for its tokens.

    `base` is the FHIR base that the tokens are for. `session` is the hash of the session's cookie. `since` and
    `password` are those of the session.
    """

    client: str
    user: str
    base: str
    scopes: tuple[str, ...]
    since: int
    session: str
    password: str = ""
    patient: str | None = None
    banner: bool = True


class Code(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An authorization code, under its hash. A used one stays, so that a second use can revoke the first's tokens.

    It is good until `expires`, in seconds. `family` is the id of the tokens that it gave; empty: it is unused.
    """

    approval: Approval
    redirect_uri: str
    challenge: str
    expires: float
    nonce: str | None = None
    family: str = ""


class Family(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All tokens that follow from one authorization code, under the family's id.

    `current` is the hash of the only refresh token that is good; empty: there is none. A revoked family stays until
    its last token has expired.
    """

    approval: Approval
    current: str = ""
    revoked: bool = False


class Revoked(Struct, frozen=True):
    """A revoked access token without a family, under its `jti`."""


class UsedAssertion(Struct, frozen=True):
    """A used client assertion, under the hash of its client and its `jti`. It stays until it has expired."""


SESSIONS = Shelf("smart-session", Session)
LAUNCHES = Shelf("smart-launch", Launch)
CODES = Shelf("smart-code", Code)
FAMILIES = Shelf("smart-family", Family)
REVOKED = Shelf("smart-revoked", Revoked)
LOCKOUTS = Shelf("smart-lockout", Lockout)
USED_ASSERTIONS = Shelf("smart-assertion", UsedAssertion)
