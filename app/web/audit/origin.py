"""Describe the origin of a request for its AuditEvent."""

from __future__ import annotations

from app.audit.access import Origin
from app.web.addresses import client_address
from app.web.request import FhirRequest


def origin_of(request: FhirRequest, base: str) -> Origin:
    """Return the id of the request, the address of the client, and the base URL that was called."""
    scope = request.scope
    return Origin(scope["state"]["request_id"], client_address(scope, request.system.trusted_proxies), base)
