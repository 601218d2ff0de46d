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
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"


class OAuthError(Exception):
    """The request fails. `description` goes to the client; it must not have quotation marks, backslashes or input.

    `retry_after` is the number of seconds after which the client may try again.
    """

    def __init__(
        self, fault: OAuthFault, description: str, *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(description)
        self.fault = fault
        self.description = description
        self.status = status or (401 if fault is OAuthFault.INVALID_CLIENT else 400)
        self.retry_after = retry_after


def invalid_client(description: str) -> OAuthError:
    """Return the refusal of a client that did not prove its identity."""
    return OAuthError(OAuthFault.INVALID_CLIENT, description)


def invalid_request(description: str, *, status: int = 400) -> OAuthError:
    """Return the refusal of a malformed request."""
    return OAuthError(OAuthFault.INVALID_REQUEST, description, status=status)
