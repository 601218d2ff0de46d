"""The head of a request: counted while it arrives, checked once it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.fhir.outcome import Fault, FhirError
from app.web.wire.limits import LONGEST_URL, MOST_HEADER_BYTES, MOST_HEADER_LINES

VERSIONS: Final = frozenset({"1.0", "1.1"})
HOST: Final = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~-]{1,255})(:[0-9]{1,5})?")
"""A name or an address, and a port: RFC 9110, section 7.2, without percent-encoding."""

AROUND_A_HEADER: Final = len(b": \r\n")

Headers = Iterable[tuple[bytes, bytes]]


class HeadCount:
    """Counts the URL and the header lines of one request, and then its trailers."""

    __slots__ = ("_bytes", "_lines", "_url")

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Count from zero."""
        self._url = self._lines = self._bytes = 0

    def url(self, piece: bytes) -> None:
        """Count a piece of the URL. Raises FhirError URL_TOO_LONG."""
        self._url += len(piece)
        if self._url > LONGEST_URL:
            raise FhirError(Fault.URL_TOO_LONG, f"The URL must not be longer than {LONGEST_URL} bytes.")

    def line(self, name: bytes, value: bytes) -> None:
        """Count a header line or a trailer. Raises FhirError HEADERS_TOO_LARGE."""
        self._lines += 1
        self._bytes += len(name) + len(value) + AROUND_A_HEADER
        if self._lines > MOST_HEADER_LINES or self._bytes > MOST_HEADER_BYTES:
            raise headers_too_large()


def headers_too_large() -> FhirError:
    """Name the limits of headers and trailers."""
    return FhirError(
        Fault.HEADERS_TOO_LARGE,
        f"The headers must not have more than {MOST_HEADER_LINES} lines or {MOST_HEADER_BYTES} bytes.",
    )


def check_head(method: bytes, version: str, headers: Headers) -> None:
    """Check what must hold before a request is served. Raises FhirError UNREADABLE."""
    check_version(version)
    if method == b"CONNECT":
        raise FhirError(Fault.UNREADABLE, "CONNECT is for proxies; this server is none.")
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        raise FhirError(Fault.UNREADABLE, "The request must have one Host header.")
    if hosts and not HOST.fullmatch(hosts[0]):
        raise FhirError(Fault.UNREADABLE, "The Host header must be a host name or address, with or without a port.")
    if sum(name == b"authorization" for name, _ in headers) > 1:
        raise FhirError(Fault.UNREADABLE, "The request must not have more than one Authorization header.")
    if version == "1.0" and any(name == b"transfer-encoding" for name, _ in headers):
        raise FhirError(Fault.UNREADABLE, "HTTP/1.0 has no Transfer-Encoding; send Content-Length.")


def check_version(version: str) -> None:
    """Check the version of the request line. Raises FhirError UNREADABLE."""
    if version not in VERSIONS:
        raise FhirError(Fault.UNREADABLE, "The request line must name HTTP/1.1 (HTTP/1.0 is served too).")


def without_upgrade(method: bytes, url: bytes, version: str, headers: Headers) -> bytes:
    """Write the head of a request again, without the wish for another protocol."""
    hop = {b"connection", b"upgrade", b"http2-settings"}
    lines = b"".join(b"%s: %s\r\n" % (name, value) for name, value in headers if name not in hop)
    return b"%s %s HTTP/%s\r\n%s\r\n" % (method, url, version.encode(), lines)
