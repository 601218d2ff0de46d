"""Decide which of the requested scopes a backend client gets.

https://hl7.org/fhir/smart-app-launch/backend-services.html#scopes
"""

from __future__ import annotations

from collections.abc import Collection

from app.access.scopes import Context, parse, within
from app.access.smart.oauth_error import OAuthError, OAuthFault

MOST_SCOPES = 100


def read_scopes(text: str | None) -> tuple[str, ...]:
    """Return the scopes of a request, each once. Raises OAuthError if there are none or too many."""
    scopes = tuple(dict.fromkeys((text or "").split(" ")))
    if not all(scopes):
        raise _refused("scope must have one or more scopes, separated by single spaces.")
    if len(scopes) > MOST_SCOPES:
        raise _refused(f"scope must have at most {MOST_SCOPES} scopes.")
    return scopes


def system_scopes(requested: str | None, allowed: Collection[str]) -> tuple[str, ...]:
    """Return the requested scopes if all are `system/` scopes within the client's `allowed` ones. Raises OAuthError."""
    scopes = read_scopes(requested)
    try:
        contexts = {parse(scope).context for scope in scopes}
        covered = within(scopes, [scope for scope in allowed if scope.startswith("system/")])
    except ValueError as malformed:
        raise _refused("Each scope must be a SMART scope such as system/Claim.crs.") from malformed
    if contexts != {Context.SYSTEM}:
        raise _refused("A token of a client without a user must have system/ scopes only.")
    if not covered:
        raise _refused("A scope exceeds those that the client is registered for.")
    return scopes


def _refused(description: str) -> OAuthError:
    return OAuthError(OAuthFault.INVALID_SCOPE, description)
