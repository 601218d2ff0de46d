"""Describe why an OAuth request fails.

https://www.rfc-editor.org/rfc/rfc6749#section-5.2
"""

from __future__ import annotations

from enum import StrEnum


class OAuthFault(StrEnum):
    """The error codes of OAuth that this server uses."""

    INVALID_REQUEST = "invalid_request"
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    INVALID_SCOPE = "invalid_scope"
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - a code
    INSUFFICIENT_SCOPE = "insufficient_scope"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    SERVER_ERROR = "server_error"


class OAuthError(Exception):
    """The request fails. `description` goes to the client; it must not have quotation marks, backslashes or input."""

    def __init__(self, fault: OAuthFault, description: str, *, status: int | None = None) -> None:
        super().__init__(description)
        self.fault = fault
        self.description = description
        self.status = status or (401 if fault is OAuthFault.INVALID_CLIENT else 400)


def invalid_client(description: str) -> OAuthError:
    """Return the refusal of a client that did not prove its identity."""
    return OAuthError(OAuthFault.INVALID_CLIENT, description)


def invalid_request(description: str) -> OAuthError:
    """Return the refusal of a malformed request."""
    return OAuthError(OAuthFault.INVALID_REQUEST, description)
