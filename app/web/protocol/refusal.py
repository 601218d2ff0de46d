"""Write the answer to a refused connection or request as bytes, without the application."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

from app.fhir.outcome import Fault, FhirError
from app.web.middleware import headers_of
from app.web.respond import respond_error

METHODS: Final = "GET, HEAD, POST, PUT"
"""The methods that some path of the server supports."""


def refusal_bytes(error: FhirError, headers: Iterable[tuple[bytes, bytes]], *, body: bool = True) -> bytes:
    """Return the error as a complete HTTP answer that ends the connection; `body` is False for a HEAD request."""
    response = respond_error("", error)
    status = HTTPStatus(response.status_code)
    if error.fault is Fault.METHOD:
        response.headers["Allow"] = METHODS
    lines = [
        *headers,
        *response.raw_headers,
        *headers_of(str(uuid.uuid4())),
        (b"connection", b"close"),
    ]
    head = b"".join(b"%s: %s\r\n" % line for line in lines)
    content = bytes(response.body) if body else b""
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status.value, status.phrase.encode(), head, content)
