"""Check the head of a request when it is complete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from httptools import HttpParserError, HttpParserInvalidMethodError

from app.fhir.outcome import Fault, FhirError

VERSIONS: Final = frozenset({"1.0", "1.1"})
HOST: Final = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~-]{1,255})(:[0-9]{1,5})?")
"""A host name or address, with an optional port (RFC 9110, section 7.2), without percent-encoding."""

REQUEST_LINE: Final = re.compile(rb"[A-Za-z-]{1,32} [!-~]{1,8192} HTTP/1\.[01]\r\n")
"""The first line of a request."""

UPGRADING: Final = frozenset({b"upgrade", b"http2-settings"})
"""Headers, and options of Connection, that ask for another protocol."""

BLANKS: Final = b" \t"

Headers = Sequence[tuple[bytes, bytes]]


def check_head(method: bytes, version: str, headers: Headers) -> None:
    """Check the version, the Host and the framing of a request. Raises FhirError UNREADABLE."""
    check_version(version)
    if method == b"CONNECT":
        raise FhirError(Fault.UNREADABLE, "The method CONNECT is for proxies. This server is not a proxy.")
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        raise FhirError(Fault.UNREADABLE, "The request must have one Host header.")
    if hosts and not HOST.fullmatch(hosts[0].strip(BLANKS)):
        raise FhirError(Fault.UNREADABLE, "The Host header must be a host name or address, with or without a port.")
    if sum(name == b"authorization" for name, _ in headers) > 1:
        raise FhirError(Fault.UNREADABLE, "The request must not have more than one Authorization header.")
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    if codings and version == "1.0":
        raise FhirError(Fault.UNREADABLE, "HTTP/1.0 has no Transfer-Encoding. Send Content-Length.")
    if any(coding.strip().lower() != b"chunked" for coding in codings):
        raise FhirError(Fault.UNREADABLE, "The Transfer-Encoding must be chunked, without other codings.")


def check_version(version: str) -> None:
    """Check the version of the request line. Raises FhirError UNREADABLE."""
    if version not in VERSIONS:
        raise FhirError(Fault.UNREADABLE, "The request line must name HTTP/1.1 or HTTP/1.0.")


def unreadable(error: HttpParserError, data: bytes | memoryview) -> FhirError:
    """Return the refusal of bytes that the parser rejects: a method that HTTP does not have, or no HTTP at all."""
    if isinstance(error, HttpParserInvalidMethodError) and REQUEST_LINE.match(data):
        return FhirError(Fault.METHOD, "HTTP has no such method. The Allow header lists the methods of this server.")
    return FhirError(Fault.UNREADABLE, "The request is not valid HTTP/1.1.")


def without_upgrade(method: bytes, url: bytes, version: str, headers: Headers) -> bytes:
    """Return the head of a request without the headers that ask for another protocol."""
    kept = (
        (name, _other_options(value) if name == b"connection" else value)
        for name, value in headers
        if name not in UPGRADING
    )
    lines = b"".join(b"%s: %s\r\n" % line for line in kept)
    return b"%s %s HTTP/%s\r\n%s\r\n" % (method, url, version.encode(), lines)


def _other_options(connection: bytes) -> bytes:
    """Return the value of a Connection header without the options of an upgrade."""
    options = (option.strip(BLANKS) for option in connection.split(b","))
    return b", ".join(option for option in options if option.lower() not in UPGRADING)
