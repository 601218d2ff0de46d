"""Say who sends an OAuth request, from its headers and its connection."""

from __future__ import annotations

from app.access.smart.credentials import Sender
from app.web.addresses import client_network
from app.web.certificate import presented_certificate
from app.web.request import FhirRequest


def sender_of(request: FhirRequest) -> Sender:
    """Return the sender; two Authorization headers make one that is not valid."""
    scope, system = request.scope, request.system
    return Sender(
        authorization=request.listed(b"authorization"),
        address=client_network(scope, system.trusted_proxies),
        certificate=presented_certificate(scope, system.identity.certificate_header, system.trusted_proxies),
    )
