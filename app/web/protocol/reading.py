"""Parse the bytes of a connection with httptools, and refuse a request that exceeds a limit."""

from __future__ import annotations

import asyncio
from math import inf
from typing import ClassVar, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.fhir.outcome import Fault, FhirError
from app.web.protocol.counts import Counts, headers_too_large
from app.web.protocol.door import Door
from app.web.protocol.head import check_head, check_version, unreadable, without_upgrade
from app.web.protocol.limits import LONGEST_HEAD, MOST_PIPELINED

SLICE: Final = 32_768
"""Bytes that the parser gets at a time, so that it never holds much more than the limits."""


class Reading(HttpToolsProtocol):
    """Reads requests one after another; a subclass answers a request that exceeds a limit with `refuse`."""

    door: ClassVar[Door]

    head_open = False
    """True from the first byte of a request until its headers are complete."""
    body_open = False
    """True from the end of the headers until the end of the request."""
    discarding = False
    """True if the server discards all further bytes of the connection."""
    due = inf
    """The time by which the head must be complete, or the next request must begin."""
    received = 0
    """Bytes of bodies so far."""

    _counts: Counts
    _unused_bytes = 0
    _completed = 0
    _upgrading = False
    _may_keep = True

    def refuse(self, error: FhirError) -> None:
        """Answer the error and end the connection."""
        raise NotImplementedError

    def discard(self, size: int) -> None:
        """Count bytes that the server does not read any more."""
        raise NotImplementedError

    def data_received(self, data: bytes) -> None:
        """Feed the parser in slices."""
        self._unset_keepalive_if_required()
        if len(data) <= SLICE and not self.discarding:
            self._feed(data)
            return
        whole = memoryview(data)
        for start in range(0, len(data), SLICE):
            piece = whole[start : start + SLICE]
            if self.discarding:
                self.discard(len(piece))
            else:
                self._feed(piece)

    def _feed(self, data: bytes | memoryview) -> None:
        """Parse a piece, and refuse the request if too many bytes complete no part of it."""
        completed = self._completed
        try:
            self._parse(data)
            if self._completed != completed:
                self._unused_bytes = 0
                return
            self._unused_bytes += len(data)
            if self._unused_bytes > LONGEST_HEAD:
                raise headers_too_large()
            if self.head_open and data[-1:] == b"\n":
                check_version(self.parser.get_http_version())  # a request of HTTP/0.9 has no further lines
        except httptools.HttpParserError as error:
            reason = error.__context__
            self.refuse(reason if isinstance(reason, FhirError) else unreadable(error, data))
        except FhirError as error:
            self.refuse(error)

    def _parse(self, data: bytes | memoryview) -> None:
        while data:
            data = self._rest_of_upgrade(data)

    def _rest_of_upgrade(self, data: bytes | memoryview) -> bytes:
        """Parse a piece. Return the rest for another parse if the request asks for another protocol; else no bytes.

        The parser skips the body of a request for another protocol. So the rest begins with the head of that request,
        without the headers that name the protocol.
        """
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            rest = bytes(data)[upgrade.args[0] :]
        else:
            return b""
        self._upgrading = False
        self.parser = httptools.HttpRequestParser(self)
        method, version = self.scope["method"], self.scope["http_version"]
        return without_upgrade(method.encode(), self.url, version, self.headers) + rest

    def on_message_begin(self) -> None:
        """Begin a request. Raises FhirError BUSY if too many requests wait on the connection."""
        super().on_message_begin()
        if len(self.pipeline) >= MOST_PIPELINED:
            raise FhirError(Fault.BUSY, f"At most {MOST_PIPELINED} requests may wait on one connection.")
        self._counts.restart()
        if not self.head_open:
            self.head_open = True
            if self.cycle is not None:  # the time of the first head runs since the connection was made
                self.due = self._now() + self.door.limits.header_timeout

    def on_url(self, url: bytes) -> None:
        """Read a piece of the URL."""
        self._counts.url(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header line; count a trailer and drop it."""
        self._counts.line(name, value)
        if not self.body_open:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the head, then start the request or queue it behind earlier ones."""
        method, version = self.parser.get_method(), self.parser.get_http_version()
        check_head(method, version, self.headers)
        if self.parser.should_upgrade():
            self._upgrading = True
            self.scope["method"], self.scope["http_version"] = method.decode("ascii"), version
            return
        super().on_headers_complete()
        self.head_open, self.body_open, self.due = False, True, inf
        self._completed += 1
        self._counts.restart()
        # An answer that begins before the request is complete must end the connection.
        self._may_keep, self.cycle.keep_alive = self.cycle.keep_alive, False

    def on_body(self, body: bytes) -> None:
        """Read a piece of the body. Raises FhirError UNREADABLE if there are many small pieces."""
        self.received += len(body)
        self._completed += 1
        self._counts.piece(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Finish reading a request."""
        if self._upgrading:
            return
        super().on_message_complete()
        self.body_open = False
        self._completed += 1
        if not self.cycle.response_started:
            self.cycle.keep_alive = self._may_keep

    def shutdown(self) -> None:
        """End the connection after the current answer."""
        self._may_keep = False
        if self.cycle is not None:
            super().shutdown()

    def _now(self) -> float:
        return self.loop.time()


def address_of(transport: asyncio.BaseTransport) -> str:
    """Return the host of the client; "" if the transport does not know it."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
