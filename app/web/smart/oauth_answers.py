"""Write the answers of the OAuth endpoints: JSON that no cache keeps, and the errors of RFC 6749 and RFC 6750."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from starlette.responses import Response
from starlette.types import Scope

from app.access.smart.oauth_error import OAuthError, OAuthFault
from app.fhir.outcome import Fault, FhirError
from app.web.respond import error_headers

NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
MEDIA_TYPE = "application/json"

_FAULTS: Mapping[Fault, OAuthFault] = {
    Fault.LOGIN: OAuthFault.INVALID_TOKEN,
    Fault.FORBIDDEN: OAuthFault.INSUFFICIENT_SCOPE,
    Fault.THROTTLED: OAuthFault.TEMPORARILY_UNAVAILABLE,
    Fault.BUSY: OAuthFault.TEMPORARILY_UNAVAILABLE,
    Fault.EXCEPTION: OAuthFault.SERVER_ERROR,
}
"""The codes of OAuth for faults that are not `invalid_request`."""


def json_response(
    value: Mapping[str, Any] | Struct, status: int = 200, headers: Mapping[str, str] = NOT_KEPT
) -> Response:
    """Return JSON that must not be kept, unless the headers say how long."""
    return Response(msgspec.json.encode(value), status, dict(headers), MEDIA_TYPE)


def refusal(error: OAuthError) -> Response:
    """Return an error of OAuth as JSON: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""
    headers = {"WWW-Authenticate": 'Basic realm="preauth"'} if error.fault is OAuthFault.INVALID_CLIENT else {}
    return _error(error.fault, error.description, error.status, headers)


def oauth_error(_: Scope, error: FhirError) -> Response:
    """Return any other error as one of OAuth; for a bearer token, see https://www.rfc-editor.org/rfc/rfc6750."""
    fault = _FAULTS.get(error.fault, OAuthFault.INVALID_REQUEST)
    return _error(fault, error.issues[0].text, error.status, error_headers(error))


def _error(fault: OAuthFault, description: str, status: int, headers: Mapping[str, str]) -> Response:
    return json_response({"error": fault, "error_description": description}, status, {**NOT_KEPT, **headers})
