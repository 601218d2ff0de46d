"""Refuse a caller's token: the value of WWW-Authenticate, and a text that says how to get a valid token.

https://www.rfc-editor.org/rfc/rfc6750#section-3
"""

from __future__ import annotations

from collections.abc import Iterable

from app.access.grant import OF_PROVIDERS, InvalidToken, Role
from app.access.scopes import Context
from app.fhir.outcome import Fault, FhirError
from app.workflow.call import Call

Permission = tuple[str, str]

_REALM = 'Bearer realm="preauth"'
_CONTEXTS = {**dict.fromkeys(OF_PROVIDERS, Context.SYSTEM), Role.PATIENT: Context.PATIENT}


class ChallengeError(FhirError):
    """The caller needs another token; `challenge` is the value of WWW-Authenticate."""

    def __init__(self, fault: Fault, text: str, *attributes: str) -> None:
        super().__init__(fault, text)
        self.challenge = ", ".join((_REALM, *attributes))


def token_required(*, demo: bool) -> ChallengeError:
    """Return the refusal of a request without a bearer token; RFC 6750 has no error code for it."""
    return ChallengeError(Fault.LOGIN, f"Send a bearer token in the Authorization header. {_source(demo=demo)}")


def token_refused(reason: InvalidToken, *, demo: bool) -> ChallengeError:
    """Return the refusal of an invalid or expired token; `reason` is our own text, without quotation marks."""
    text = f"The bearer token was refused: {reason}. {_source(demo=demo)}"
    return ChallengeError(Fault.LOGIN, text, 'error="invalid_token"', f'error_description="{reason}"')


def scopes_missing(
    call: Call, needed: Iterable[Permission], missing: Iterable[Permission], *, operation: bool = False
) -> ChallengeError:
    """Return the refusal of a token that lacks permissions (each a type and a letter), with the required scopes.

    No `patient/` scope allows an operation.
    """
    context = _CONTEXTS.get(call.grant.role, Context.USER)
    if operation and context is Context.PATIENT:
        context = Context.USER
    scope = " ".join(f"{context}/{type_}.{letter}" for type_, letter in needed)
    scopes = " and ".join(f"{type_}.{letter}" for type_, letter in missing)
    text = f"The scopes of the token must include {scopes}."
    return ChallengeError(Fault.FORBIDDEN, text, 'error="insufficient_scope"', f'scope="{scope}"')


def _source(*, demo: bool) -> str:
    if demo:
        return "For a demo token, run `preauth token ehr-a` on the server's machine."
    return "The operator of this server registers clients and issues their tokens."
