"""Give every request an id, safe headers, and one log line without patient data."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Collection
from types import TracebackType

from msgspec import Struct, field
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import FilteringBoundLogger

from app.log import Seldom, cause_of, get_logger
from app.ports import StoreUnavailable
from app.web.error_answers import error_answer
from app.web.respond import SHUTTING_DOWN

REQUEST_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{32}")
"""A UUID, or 32 hexadecimal digits. Any other text could name a person, which the log must not do."""

TRACE_PARENT = re.compile(
    r"(?P<version>(?!ff)[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?P<more>-.*)?"
)
"""https://www.w3.org/TR/trace-context/#traceparent-header; versions after 00 may add fields."""

CLIENT_LEFT = 499
"""The status in the log (as in nginx's) if the client disconnects before its body is complete; it is never sent."""

SAFE_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""The headers of every answer that does not set its own: pages have policies of their own, assets may be cached."""


class RequestLog:
    """Gives each request an id (the client's if it is usable), and writes one log line when it is answered.

    Each cause of a 503 gets a line of its own, at most once a minute by the clock `monotonic`.
    """

    def __init__(self, app: ASGIApp, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.causes = Seldom(monotonic)
        self.log = get_logger().bind()  # once, as the level is fixed by now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        line = _Line(_request_id(scope))

        def labeled(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                line.begun, line.status = True, message["status"]
                own = message["headers"]
                message["headers"] = [*own, *headers_of(line.request_id, {name for name, _ in own})]
            elif message["type"] == "http.response.body":
                line.bytes += len(message.get("body", b""))
            return send(message)

        scope.setdefault("state", {})["request_id"] = line.request_id
        try:
            await self._serve(line, scope, receive, labeled)
        except ClientDisconnect:
            line.status = CLIENT_LEFT
        finally:
            # Removed: the exception refers to the scope, and this cycle would wait for the garbage collector.
            if raised := scope["state"].pop("unavailable", None):
                self._report(raised, line.request_id)
            line.write(self.log, scope)

    async def _serve(self, line: _Line, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or answer 503 if the time to shut down ends before its answer begins."""
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            if line.begun:
                raise
            await error_answer(scope, SHUTTING_DOWN)(scope, receive, send)

    def _report(self, raised: tuple[type, Exception, TracebackType | None], request_id: str) -> None:
        cause = raised[1]
        count = self.causes.left_out(f"{cause} {cause_of(cause)}")
        if count is None:
            return
        about = {"request_id": request_id, "count": count or None, "exc_info": raised}
        if isinstance(cause, StoreUnavailable):
            self.log.error("store unavailable", **about)
        else:
            self.log.warning("server busy", **about)


def report_unavailable(scope: Scope, cause: Exception) -> None:
    """Have RequestLog log the cause of a 503."""
    # The traceback is kept apart: Starlette removes it from the exception when the request is answered.
    scope["state"]["unavailable"] = (type(cause), cause, cause.__traceback__)


def headers_of(request_id: str, own: Collection[bytes] = ()) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every answer in ASGI's form, without those that the answer sets on its `own`."""
    return (b"x-request-id", request_id.encode()), *(header for header in SAFE_HEADERS if header[0] not in own)


class _Line(Struct):
    """The fields of the log line of one request."""

    request_id: str
    status: int = 500
    begun: bool = False
    bytes: int = 0
    started: float = field(default_factory=time.perf_counter)

    def write(self, log: FilteringBoundLogger, scope: Scope) -> None:
        """Write the line. The route is the matched template, never the path with its ids and search values."""
        state = scope["state"]
        log.info(
            "request",
            request_id=self.request_id,
            method=scope["method"],
            route=state.get("route", "unmatched"),
            status=self.status,
            duration_ms=round((time.perf_counter() - self.started) * 1000, 2),
            client=state.get("client"),
            bytes=self.bytes,
        )


def _request_id(scope: Scope) -> str:
    """Return the client's X-Request-Id, else the trace id of its only traceparent, else a new id."""
    trace_parents: list[str] = []
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(text := value.decode("latin-1")):
            return str(text)
        if name == b"traceparent":
            trace_parents.append(value.decode("latin-1"))
    trace_parent = TRACE_PARENT.fullmatch(trace_parents[0]) if len(trace_parents) == 1 else None
    if trace_parent is None or (trace_parent["more"] and trace_parent["version"] == "00"):
        return str(uuid.uuid4())
    return trace_parent["trace"]
