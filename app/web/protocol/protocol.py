"""Serve HTTP/1.1 with uvicorn's httptools protocol, and limit every size and time that a client controls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from app.fhir.outcome import Fault, FhirError
from app.web.addresses import is_trusted, network_of
from app.web.protocol.counts import Counts
from app.web.protocol.door import Door
from app.web.protocol.limits import MOST_DISCARDED, SECONDS_TO_READ, Limits
from app.web.protocol.progress import Progress
from app.web.protocol.reading import Reading, address_of
from app.web.protocol.refusal import refusal_bytes
from app.web.respond import SHUTTING_DOWN

_TOO_MANY = "The server has too many connections. Try again later."
_HEAD_LATE = "The headers did not arrive in time."
_BODY_LATE = "The body stopped arriving."


def limited(limits: Limits) -> type[LimitedProtocol]:
    """Return the protocol class of one server, whose connections share the limits."""

    class Limited(LimitedProtocol):
        door = Door(limits)

    return Limited


class LimitedProtocol(Reading):
    """Admits a connection, limits its time, and ends it so that the client can read the reason."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        now = self._now()
        self._counts = Counts()
        self._arriving, self._leaving = Progress(now), Progress(now)
        self._discarded = 0
        self._lingering = self._waiting_for_client = False
        self.address, self.shared = "", False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Admit the connection, or answer 503."""
        host = address_of(transport)
        self.address, self.shared = network_of(host), is_trusted(host, self.door.limits.proxies)
        if not self.door.admit(self):
            self._turn_away(transport)
            return
        super().connection_made(transport)
        self.due = self._now() + self.door.limits.header_timeout
        self.door.watch()

    def _turn_away(self, transport: asyncio.Transport) -> None:
        """Answer 503 to a connection that is not admitted."""
        self.discarding = True
        error = SHUTTING_DOWN if self.door.closing else FhirError(Fault.BUSY, _TOO_MANY)
        transport.write(refusal_bytes(error, self.server_state.default_headers))
        if self.door.closing:
            transport.write_eof()
            # A close would reset the connection and destroy the answer, if the request has arrived already.
            self.loop.call_later(SECONDS_TO_READ, transport.close)
        else:
            self.door.refused(Fault.BUSY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Release the connection's resources."""
        if self.transport is None:
            return  # it was never admitted
        self.door.leave(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self.pipeline.clear()
        # A request that still runs refers to the connection: this cycle would wait for the garbage collector.
        self.cycle = None  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        """Start or queue the request, on a transport that closes only when the client can read the answer."""
        super().on_headers_complete()
        if not self._upgrading:
            self.cycle.transport = _Outlet(self.transport, self._finish)
            self._arriving.restart(self.received, self._now())

    def on_response_complete(self) -> None:
        """Continue with the next request when the client has read this answer: only one answer is buffered."""
        if self._lingering or self.cycle is None:
            return
        if self.flow.write_paused and not self.transport.is_closing():
            self._waiting_for_client = True
            self.flow.pause_reading()
            return
        super().on_response_complete()
        if self.cycle.response_complete and not self.head_open:
            self.due = self._now() + self.timeout_keep_alive

    def resume_writing(self) -> None:
        """Continue after a slow client."""
        super().resume_writing()
        if self._waiting_for_client:
            self._waiting_for_client = False
            self.on_response_complete()

    @property
    def unread(self) -> int:
        """Bytes of the answer that the client has not read yet."""
        return self.transport.get_write_buffer_size()

    def drop(self) -> None:
        """Close the connection at once."""
        self.door.refused(Fault.TIMED_OUT)
        self.transport.abort()

    def check_time(self, now: float) -> None:
        """End the connection if the client is too slow to send a request or to read an answer."""
        limits = self.door.limits
        if not self.unread:
            self._leaving.restart(0, now)
        elif self._leaving.stalled(self.unread, now, limits.body_timeout):
            self.drop()
            return
        if self.transport.is_closing():
            return
        if not self.body_open or self.discarding:
            if now >= self.due:
                self._overdue()
        elif self.flow.read_paused:
            self._arriving.restart(self.received, now)
        elif self._arriving.stalled(self.received, now, limits.body_timeout):
            self.refuse(FhirError(Fault.TIMED_OUT, _BODY_LATE))

    def _overdue(self) -> None:
        if self.head_open and not self.discarding:
            self.refuse(FhirError(Fault.TIMED_OUT, _HEAD_LATE))
        else:
            self.transport.close()

    def refuse(self, error: FhirError) -> None:
        """Answer with the error if no other answer has started, and end the connection."""
        self.discarding, self.due = True, inf
        self.door.refused(error.fault)
        cycle = self.cycle
        if self.body_open and (self.pipeline or cycle.response_started):
            self.transport.close()
        elif cycle is not None and not self.body_open and not cycle.response_complete:
            cycle.keep_alive = False  # earlier requests are answered first; the last answer ends the connection
        else:
            if self.body_open:
                cycle.disconnected = True
                cycle.message_event.set()
            with_body = self.parser.get_method() != b"HEAD"
            self.transport.write(refusal_bytes(error, self.server_state.default_headers, body=with_body))
            self._linger()

    def shutdown(self) -> None:
        """End the connection after its answer, or with a 503 if its first request is still to come."""
        super().shutdown()
        if self.cycle is None and not self.discarding:
            self.refuse(SHUTTING_DOWN)
            self.due = self._now() + SECONDS_TO_READ

    def discard(self, size: int) -> None:
        """Count discarded bytes; close the connection after MOST_DISCARDED."""
        self._discarded += size
        if self._discarded > MOST_DISCARDED and self.transport is not None:
            self.transport.close()

    def _finish(self) -> None:
        """End the connection after an answer: at once, or when the rest of the request has arrived."""
        if self.body_open or self.discarding:
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        """Close the sending side and discard further input: a reset would destroy the answer in flight."""
        if self._lingering or self.transport.is_closing():
            return
        self.discarding = self._lingering = True
        self.due = self._now() + self.door.limits.body_timeout
        if self.cycle is not None:
            self.cycle.body.clear()
        self.flow.resume_reading()
        self.transport.write_eof()


class _Outlet(asyncio.Transport):
    """The transport that the answer to one request writes to."""

    def __init__(self, transport: asyncio.Transport, finish: Callable[[], None]) -> None:
        self._transport, self._finish = transport, finish

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write a part of the answer."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Return whether the connection is closing."""
        return self._transport.is_closing()

    def close(self) -> None:
        """End the connection so that the client can read the answer."""
        self._finish()
