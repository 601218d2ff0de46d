"""Around every request: an id, safe headers, and one log line without patient data."""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Awaitable, Mapping

from msgspec import UNSET, Struct, UnsetType
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import get_logger, timestamp, write_whole

REQUEST_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""A UUID: any other text of a caller's could be about a person, and it goes into the log."""
_RANDOM = ~(0xF << 76 | 0b11 << 62)
_VERSION_4 = 0x4 << 76 | 0b10 << 62
SAFE_HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class RequestLog:
    """Gives each request an id (the caller's X-Request-Id if it is a UUID) and writes its line when it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.wanted = get_logger().bind().is_enabled_for(logging.INFO)  # the level does not change any more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        line = RequestLine(request_id=_request_id(scope), method=scope["method"])

        def labelled(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                line.status = message["status"]
                message["headers"] = [*message["headers"], *headers_of(line.request_id)]
            elif message["type"] == "http.response.body":
                line.bytes += len(message.get("body", b""))
            return send(message)

        scope.setdefault("state", {})["request_id"] = line.request_id
        try:
            await self.app(scope, receive, labelled)
        finally:
            if self.wanted:
                line.write(scope["state"], time.perf_counter() - started)


def headers_of(request_id: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers of every answer, as ASGI has them."""
    return (b"x-request-id", request_id.encode()), *SAFE_HEADERS


class RequestLine(Struct, kw_only=True):
    """What the log says of one request, in this order."""

    timestamp: str = ""
    level: str = "info"
    request_id: str
    method: str
    route: str = "unmatched"
    status: int = 500
    duration_ms: float = 0
    client: str | UnsetType = UNSET
    bytes: int = 0
    event: str = "request"

    def write(self, state: Mapping[str, str], seconds: float) -> None:
        """Write it. The route is the template that was matched, never the path: ids and search values stay out."""
        self.timestamp = timestamp()
        self.route = state.get("route", self.route)
        self.client = state.get("client", UNSET)
        self.duration_ms = round(seconds * 1000, 2)
        write_whole(self)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return _uuid()


def _uuid() -> str:
    """Draw a UUID, version 4, in a third of the time that `uuid.uuid4` takes to make and to write one."""
    drawn = int.from_bytes(os.urandom(16), "big")
    text = f"{drawn & _RANDOM | _VERSION_4:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
