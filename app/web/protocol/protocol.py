"""HTTP/1.1 with a limit on everything that a sender chooses: uvicorn's httptools protocol, and what it leaves open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from app.fhir.outcome import Fault, FhirError
from app.web.protocol.counts import Counts
from app.web.protocol.door import Door, network_of
from app.web.protocol.limits import MOST_DISCARDED, Limits
from app.web.protocol.progress import Progress
from app.web.protocol.reading import Reading, address_of
from app.web.protocol.refusal import refusal_bytes

_TOO_MANY = "The server has as many connections as it takes; try again later."
_HEAD_LATE = "The headers did not arrive in time."
_BODY_LATE = "The body stopped arriving."


def limited(limits: Limits) -> type[asyncio.Protocol]:
    """Make the protocol class of one server, which counts its connections together."""

    class Limited(LimitedProtocol):
        door = Door(limits)

    return Limited


class LimitedProtocol(Reading):
    """Admits a connection, watches over its time, and ends it such that the sender can read why."""

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
        self._lingering = self._waiting_for_reader = False
        self.address = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Let the connection in, or answer 503."""
        self.address = network_of(address_of(transport))
        if not self.door.admit(self):
            self.door.refused(Fault.BUSY)
            self.deaf = True
            transport.write(refusal_bytes(FhirError(Fault.BUSY, _TOO_MANY), self.server_state.default_headers))
            transport.close()
            return
        super().connection_made(transport)
        self.due = self._now() + self.door.limits.header_timeout
        self.door.watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of all that the connection held."""
        if self.transport is None:
            return  # it was never let in
        self.door.leave(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self.pipeline.clear()
        # A request that still runs knows the connection; both would stay until the garbage collector looks.
        self.cycle = None  # type: ignore[assignment]

    def on_headers_complete(self) -> None:
        """Start or queue the request, on a transport that lets its sender read the answer."""
        super().on_headers_complete()
        if not self._upgrading:
            self.cycle.transport = _Outlet(self.transport, self._finish)
            self._arriving.restart(self.received, self._now())

    def on_response_complete(self) -> None:
        """Go on to the next request, once the sender has taken this answer: it holds one answer at most."""
        if self._lingering or self.cycle is None:
            return
        if self.flow.write_paused and not self.transport.is_closing():
            self._waiting_for_reader = True
            self.flow.pause_reading()
            return
        super().on_response_complete()
        if self.cycle.response_complete and not self.head_open:
            self.due = self._now() + self.timeout_keep_alive

    def resume_writing(self) -> None:
        """Go on after a slow reader."""
        super().resume_writing()
        if self._waiting_for_reader:
            self._waiting_for_reader = False
            self.on_response_complete()

    @property
    def unread(self) -> int:
        """Bytes of the answer that wait for their reader."""
        return self.transport.get_write_buffer_size()

    def drop(self) -> None:
        """End the connection at once."""
        self.door.refused(Fault.TIMED_OUT)
        self.transport.abort()

    def look(self, now: float) -> None:
        """End the connection if the sender, or the reader of an answer, has let its time pass."""
        limits = self.door.limits
        if not self.unread:
            self._leaving.restart(0, now)
        elif self._leaving.stalled(self.unread, now, limits.body_timeout):
            self.drop()
            return
        if self.transport.is_closing():
            return
        if not self.body_open or self.deaf:
            if now >= self.due:
                self._overdue()
        elif self.flow.read_paused:
            self._arriving.restart(self.received, now)
        elif self._arriving.stalled(self.received, now, limits.body_timeout):
            self.refuse(FhirError(Fault.TIMED_OUT, _BODY_LATE))

    def _overdue(self) -> None:
        if self.head_open and not self.deaf:
            self.refuse(FhirError(Fault.TIMED_OUT, _HEAD_LATE))
        else:
            self.transport.close()

    def refuse(self, error: FhirError) -> None:
        """Answer the error where that can still be an answer to the request, and end the connection."""
        self.deaf, self.due = True, inf
        self.door.refused(error.fault)
        cycle = self.cycle
        if self.body_open and (self.pipeline or cycle.response_started):
            self.transport.close()
        elif cycle is not None and not self.body_open and not cycle.response_complete:
            cycle.keep_alive = False  # the answers to earlier requests come first, and end the connection
        else:
            if self.body_open:
                cycle.disconnected = True
                cycle.message_event.set()
            with_body = self.parser.get_method() != b"HEAD"
            self.transport.write(refusal_bytes(error, self.server_state.default_headers, body=with_body))
            self._linger()

    def discard(self, size: int) -> None:
        """Throw bytes away, up to a bound."""
        self._discarded += size
        if self._discarded > MOST_DISCARDED:
            self.transport.close()

    def _finish(self) -> None:
        """End the connection after an answer: at once, or when the rest of the request is in."""
        if self.body_open or self.deaf:
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        """Say that nothing more will be sent, and throw away what comes: a reset would take the answer with it."""
        if self._lingering or self.transport.is_closing():
            return
        self.deaf = self._lingering = True
        self.due = self._now() + self.door.limits.body_timeout
        if self.cycle is not None:
            self.cycle.body.clear()
        self.flow.resume_reading()
        self.transport.write_eof()


class _Outlet(asyncio.Transport):
    """The connection as the answer to one request sees it."""

    def __init__(self, transport: asyncio.Transport, finish: Callable[[], None]) -> None:
        self._transport, self._finish = transport, finish

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write a part of the answer."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Tell whether the connection ends already."""
        return self._transport.is_closing()

    def close(self) -> None:
        """End the connection such that the answer can be read."""
        self._finish()
