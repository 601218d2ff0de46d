"""Let browser apps read answers: discovery from every origin, FHIR and tokens from the origins of registered clients.

https://fetch.spec.whatwg.org/#http-cors-protocol. No answer allows credentials: this server's cookies belong to its own
pages. An origin that is not registered gets no header, and its browser hides the answer from the script.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access.origins import is_origin
from app.ports import StoreUnavailable
from app.web.bases import BASES
from app.workflow.system import System

_PUBLIC: Final = frozenset({
    "/.well-known/smart-configuration",
    "/.well-known/openid-configuration",
    "/oauth/jwks",
    *(base + path for base in BASES for path in ("/metadata", "/.well-known/smart-configuration", "/.well-known/udap")),
})  # fmt: skip
"""Paths that scripts of every origin may read."""

_FOR_APPS: Final = (
    *(f"{base}/" for base in BASES),
    *(f"/oauth/{endpoint}" for endpoint in ("token", "introspect", "revoke", "userinfo")),
)
"""Prefixes of the paths that scripts of registered origins may use."""

_EXPOSED: Final = (b"access-control-expose-headers", b"ETag, Location, WWW-Authenticate, Retry-After, X-Request-Id")
_PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"GET, HEAD, POST, PUT"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Exist, X-Request-Id",
    ),
    (b"access-control-max-age", b"600"),
)
_VARY: Final = (b"vary", b"Origin")

Header = tuple[bytes, bytes]


class Cors:
    """Adds the headers of CORS to answers, and answers preflight requests."""

    def __init__(self, app: ASGIApp, system: System) -> None:
        self.app, self.system = app, system

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        origin = _header(scope, b"origin") if scope["type"] == "http" else None
        if origin is None:
            await self.app(scope, receive, send)
            return
        allowed = await self._allowed(scope["path"], origin)
        if len(allowed) > 1 and _is_preflight(scope):
            headers = [*allowed, *_PREFLIGHT]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return

        def opened(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *allowed]
            return send(message)

        await self.app(scope, receive, opened)

    async def _allowed(self, path: str, origin: bytes) -> tuple[Header, ...]:
        """Return the headers that let scripts of this origin read the answer; none for an unknown origin."""
        if path in _PUBLIC:
            return (b"access-control-allow-origin", b"*"), _EXPOSED
        text = origin.decode("latin-1")
        if not path.startswith(_FOR_APPS) or not is_origin(text):
            return ()
        if text not in await self._registered():
            return (_VARY,)
        return (b"access-control-allow-origin", origin), _EXPOSED, _VARY

    async def _registered(self) -> frozenset[str]:
        """Return the registered origins; none while the store cannot answer."""
        try:
            return await self.system.identity.registry.origins(self.system.clock.now())
        except StoreUnavailable:
            return frozenset()


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and _header(scope, b"access-control-request-method") is not None


def _header(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of a header that the request has once."""
    headers: Iterable[Header] = scope["headers"]
    values = [value for header, value in headers if header == name]
    return values[0] if len(values) == 1 else None
