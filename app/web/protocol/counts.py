"""Count the parts of one request before the server keeps them."""

from __future__ import annotations

from typing import Final

from app.fhir.outcome import Fault, FhirError
from app.web.protocol.limits import LEAST_PIECE, LONGEST_URL, MOST_HEADER_BYTES, MOST_HEADER_LINES, PIECES_OF_ANY_SIZE

AROUND_A_HEADER: Final = len(b": \r\n")


class Counts:
    """The size of one request so far: first its URL and header lines, then its body and trailers."""

    __slots__ = ("_body", "_headers", "_lines", "_pieces", "_url")

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Count from zero."""
        self._url = self._lines = self._headers = self._pieces = self._body = 0

    def url(self, piece: bytes) -> None:
        """Count a piece of the URL. Raises FhirError URL_TOO_LONG."""
        self._url += len(piece)
        if self._url > LONGEST_URL:
            raise FhirError(Fault.URL_TOO_LONG, f"The URL must not be longer than {LONGEST_URL} bytes.")

    def line(self, name: bytes, value: bytes) -> None:
        """Count a header line or a trailer. Raises FhirError HEADERS_TOO_LARGE."""
        self._lines += 1
        self._headers += len(name) + len(value) + AROUND_A_HEADER
        if self._lines > MOST_HEADER_LINES or self._headers > MOST_HEADER_BYTES:
            raise headers_too_large()

    def piece(self, piece: bytes) -> None:
        """Count a piece of the body. Raises FhirError UNREADABLE if there are many small pieces."""
        self._pieces += 1
        self._body += len(piece)
        if self._pieces > PIECES_OF_ANY_SIZE and self._body < self._pieces * LEAST_PIECE:
            raise FhirError(Fault.UNREADABLE, f"Chunks of a body must have {LEAST_PIECE} bytes or more on average.")


def headers_too_large() -> FhirError:
    """Return the error that names the limits of headers and trailers."""
    return FhirError(
        Fault.HEADERS_TOO_LARGE,
        f"The headers must not have more than {MOST_HEADER_LINES} lines or {MOST_HEADER_BYTES} bytes.",
    )
