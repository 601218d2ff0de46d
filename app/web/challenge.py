"""Refusals of a caller's token: what WWW-Authenticate says, and how to get a token that will do.

https://www.rfc-editor.org/rfc/rfc6750#section-3
"""

from __future__ import annotations

from collections.abc import Iterable

from app.access.grant import InvalidToken, Role
from app.access.scopes import Context
from app.fhir.outcome import Fault, FhirError
from app.workflow.system import Call

Permission = tuple[str, str]

_REALM = 'Bearer realm="preauth"'
_CONTEXTS = {Role.PROVIDER: Context.SYSTEM, Role.PATIENT: Context.PATIENT}


class ChallengeError(FhirError):
    """The caller must come with another token; `challenge` is the value of WWW-Authenticate."""

    def __init__(self, fault: Fault, text: str, *attributes: str) -> None:
        super().__init__(fault, text)
        self.challenge = ", ".join((_REALM, *attributes))


def token_required(*, demo: bool) -> ChallengeError:
    """Refuse a request without a bearer token; RFC 6750 wants no error code here."""
    return ChallengeError(Fault.LOGIN, f"Send a bearer token in the Authorization header. {_source(demo=demo)}")


def token_refused(reason: InvalidToken, *, demo: bool) -> ChallengeError:
    """Refuse a token that is not good, or no longer; the reason is a sentence of our own, without quotation marks."""
    text = f"The bearer token was refused: {reason}. {_source(demo=demo)}"
    return ChallengeError(Fault.LOGIN, text, 'error="invalid_token"', f'error_description="{reason}"')


def scopes_missing(call: Call, needed: Iterable[Permission], missing: Iterable[Permission]) -> ChallengeError:
    """Refuse a token that lacks permissions, each a type and a letter, and name the scopes that would do."""
    context = _CONTEXTS.get(call.grant.role, Context.USER)
    scope = " ".join(f"{context}/{type_}.{letter}" for type_, letter in needed)
    lacking = " and ".join(f"{type_}.{letter}" for type_, letter in missing)
    text = f"The scopes of the token must include {lacking}."
    return ChallengeError(Fault.FORBIDDEN, text, 'error="insufficient_scope"', f'scope="{scope}"')


def _source(*, demo: bool) -> str:
    if demo:
        return "On the machine of this server, `preauth token ehr-a` prints a token for the demo."
    return "The operator of this server registers clients and issues their tokens."
