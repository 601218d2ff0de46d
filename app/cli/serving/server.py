"""The server of `preauth serve`: uvicorn with our protocol, a ready line, and an end that loses no request."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket

import uvicorn
from starlette.types import ASGIApp

from app.cli.serving.listening import url_of
from app.cli.serving.memory import give_back_freed_memory
from app.cli.serving.opening import Opening, opening
from app.main import create_app
from app.settings import Settings
from app.web.protocol.door import Door
from app.web.protocol.limits import Limits
from app.web.protocol.protocol import limited
from app.workflow.system import System

MARK_OF_A_DEMO = ("X-Preauth-Mode", "demo")
"""The header of every response of a demo, also of those that the protocol writes before the application."""
TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000")
"""Tells browsers to use https for a year; sent if the public address is https."""

ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000


def announcing_server(settings: Settings, system: System, *, seed: bool) -> uvicorn.Server:
    """Return the server that plays the demo if `seed`, and then prints the ready line."""
    protocol = limited(_limits(settings))
    config = _config(create_app(settings, system=system), settings, protocol)
    return _AnnouncingServer(config, opening(settings, system, seeded=seed), protocol.door)


def serve_until_signal(server: uvicorn.Server, listening: socket.socket) -> bool:
    """Serve until SIGINT or SIGTERM, which end the process with 0; return whether the server started."""

    def stop(*_: object) -> None:
        server.should_exit = True

    # Handles signals before uvicorn does, and the ones that uvicorn raises again after its shutdown.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    server.run([listening])
    return server.started


class _AnnouncingServer(uvicorn.Server):
    """A server that prints the ready line when it takes requests."""

    def __init__(self, config: uvicorn.Config, opening: Opening, door: Door) -> None:
        super().__init__(config)
        self._opening, self._door = opening, door

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # The application reports why it cannot start; uvicorn would add a traceback.
        uvicorns = logging.getLogger("uvicorn.error")
        uvicorns.disabled = True
        await super().startup(sockets)
        uvicorns.disabled = False
        if self.started and sockets:
            await self._opening(url_of(sockets[0]))
            _settle()
            print(f"ready {url_of(sockets[0])}/fhir", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests in flight finish, answer 503 to new ones meanwhile, then end."""
        self._door.close()
        listening, self.servers = self.servers, []  # uvicorn would stop listening first
        await super().shutdown()
        for server in listening:
            server.close()
        for bound in sockets or ():
            bound.close()


def _settle() -> None:
    """Exclude the objects built at start from garbage collection, and collect less often.

    Otherwise the collector visits waiting requests again and again: a quarter of a submit's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BETWEEN_COLLECTIONS)
    give_back_freed_memory()


def _limits(settings: Settings) -> Limits:
    return Limits(
        connections=settings.max_connections,
        connections_per_address=settings.max_connections_per_address,
        header_timeout=settings.header_timeout,
        body_timeout=settings.body_timeout,
        unread_bytes=settings.max_inflight_bytes,
        proxies=settings.trusted_proxies,
    )


def _config(app: ASGIApp, settings: Settings, protocol: type[asyncio.Protocol]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `web.addresses` reads X-Forwarded-For, from trusted proxies only
        server_header=False,
        headers=_headers(settings),
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )


def _headers(settings: Settings) -> list[tuple[str, str]]:
    """Return the headers of every response that follow from the settings."""
    demo, https = settings.environment == "demo", (settings.base_url or "").startswith("https://")
    return [*([MARK_OF_A_DEMO] if demo else []), *([TRANSPORT_SECURITY] if https else [])]
