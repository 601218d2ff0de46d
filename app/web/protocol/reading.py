"""What comes in on a connection: parsed by httptools, counted before it is kept, and refused where it is too much."""

from __future__ import annotations

import asyncio
from math import inf
from typing import ClassVar, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.fhir.outcome import Fault, FhirError
from app.web.protocol.counts import Counts, headers_too_large
from app.web.protocol.door import Door
from app.web.protocol.head import check_head, check_version, without_upgrade
from app.web.protocol.limits import LONGEST_HEAD, MOST_PIPELINED

SLICE: Final = 32_768
"""Bytes that the parser gets at once, so that it never holds much more than the limits."""

_NOT_HTTP = "The request is not valid HTTP/1.1."


class Reading(HttpToolsProtocol):
    """Reads requests one after the other; `refuse` says what happens to one that breaks a limit."""

    door: ClassVar[Door]

    head_open = False
    """A request has begun, and its headers are not complete."""
    body_open = False
    """The headers are complete, and the request is not."""
    deaf = False
    """Nothing that still comes in is read."""
    due = inf
    """When the head must be complete, or the next request must have begun."""
    received = 0
    """Bytes of bodies so far."""

    _counts: Counts
    _fruitless = 0
    _fruits = 0
    _upgrading = False
    _may_keep = True

    def refuse(self, error: FhirError) -> None:
        """Answer the error and end the connection."""
        raise NotImplementedError

    def discard(self, size: int) -> None:
        """Take note of bytes that nobody reads any more."""
        raise NotImplementedError

    def data_received(self, data: bytes) -> None:
        """Feed the parser in slices."""
        self._unset_keepalive_if_required()
        if len(data) <= SLICE and not self.deaf:
            self._feed(data)
            return
        whole = memoryview(data)
        for start in range(0, len(data), SLICE):
            piece = whole[start : start + SLICE]
            if self.deaf:
                self.discard(len(piece))
            else:
                self._feed(piece)

    def _feed(self, data: bytes | memoryview) -> None:
        """Parse a piece. Bytes that end no head, are no body and end no trailers are counted until some do."""
        fruits = self._fruits
        try:
            self._parse(data)
            if self._fruits != fruits:
                self._fruitless = 0
                return
            self._fruitless += len(data)
            if self._fruitless > LONGEST_HEAD:
                raise headers_too_large()
            if self.head_open and data[-1:] == b"\n":
                check_version(self.parser.get_http_version())  # a line of HTTP/0.9 has nothing after it to wait for
        except httptools.HttpParserError as error:
            reason = error.__context__
            self.refuse(reason if isinstance(reason, FhirError) else FhirError(Fault.UNREADABLE, _NOT_HTTP))
        except FhirError as error:
            self.refuse(error)

    def _parse(self, data: bytes | memoryview) -> None:
        while data:
            data = self._rest_of_upgrade(data)

    def _rest_of_upgrade(self, data: bytes | memoryview) -> bytes:
        """Parse; return what must be parsed again of a request that asks for another protocol.

        The parser takes no body from such a request, so it reads the request again without that wish.
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
        """Begin a request. Raises FhirError BUSY where too many wait already."""
        super().on_message_begin()
        if len(self.pipeline) >= MOST_PIPELINED:
            raise FhirError(Fault.BUSY, f"Not more than {MOST_PIPELINED} requests may wait on one connection.")
        self._counts.restart()
        if not self.head_open:
            self.head_open = True
            if self.cycle is not None:  # the first head has had its time since the connection was made
                self.due = self._now() + self.door.limits.header_timeout

    def on_url(self, url: bytes) -> None:
        """Take a piece of the URL."""
        self._counts.url(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header line. A trailer is counted, and it is never a header of the request."""
        self._counts.line(name, value)
        if not self.body_open:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the head and start the request, or queue it behind those that came before it."""
        method, version = self.parser.get_method(), self.parser.get_http_version()
        check_head(method, version, self.headers)
        if self.parser.should_upgrade():
            self._upgrading = True
            self.scope["method"], self.scope["http_version"] = method.decode("ascii"), version
            return
        super().on_headers_complete()
        self.head_open, self.body_open, self.due = False, True, inf
        self._fruits += 1
        self._counts.restart()
        # An answer that begins before the request is whole says that the connection ends.
        self._may_keep, self.cycle.keep_alive = self.cycle.keep_alive, False

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body. Raises FhirError UNREADABLE where the pieces are many and small."""
        self.received += len(body)
        self._fruits += 1
        self._counts.piece(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        if self._upgrading:
            return
        super().on_message_complete()
        self.body_open = False
        self._fruits += 1
        if not self.cycle.response_started:
            self.cycle.keep_alive = self._may_keep

    def shutdown(self) -> None:
        """End the connection with the answer that is under way."""
        self._may_keep = False
        super().shutdown()

    def _now(self) -> float:
        return self.loop.time()


def address_of(transport: asyncio.BaseTransport) -> str:
    """Return the host that a connection comes from; "" where the transport knows none."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
