"""`preauth serve`: run the server until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn
from starlette.types import ASGIApp

from app.cli.ending import CANNOT_START, CANNOT_USE, ended, sentence_of
from app.cli.memory import give_back_freed_memory
from app.cli.open_files import allow_connections
from app.cli.opening import Opening, opening
from app.cli.options import DataFolder, PolicyFiles, Store
from app.conformance.definitions.node import NotUnderstood
from app.conformance.definitions.packages import PackageRefused
from app.main import build_system, create_app
from app.policy.yaml.text import YamlRefused
from app.safety.start import refuse_unsafe
from app.settings import Settings, SettingsRefused, load_settings
from app.web.protocol.door import Door
from app.web.protocol.limits import Limits
from app.web.protocol.protocol import limited
from app.workflow.system import System

BACKLOG = 2048

MARK_OF_A_DEMO = ("X-Preauth-Mode", "demo")
"""The header of every response of a demo, also of those that the protocol writes before the application."""
TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=31536000")
"""Tells browsers to use https for a year; sent if the public address is https."""

ALLOCATIONS_BETWEEN_COLLECTIONS = 20_000


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 picks a free one.", show_default="8000")
    ] = None,
    data: DataFolder = None,
    policy: PolicyFiles = None,
    store: Store = None,
    demo_bind: Annotated[
        str | None,
        typer.Option(help="The address of --host again, for a demo beyond loopback.", show_default=False),
    ] = None,
    seed: Annotated[
        bool, typer.Option("--seed", help="Play the demo first, if the store is empty; refused in production.")
    ] = False,
) -> None:
    """Run the server. It prints `ready http://HOST:PORT/fhir` when it takes requests.

    Ctrl-C or SIGTERM ends it after the requests in flight; new ones get 503. Exit codes: 0 after Ctrl-C or SIGTERM;
    2 if an option or a PREAUTH_* variable cannot be used; 3 if the port, the policy, the store or the signing key
    cannot be used.

    Example: preauth serve --port 0 --data /tmp/preauth --policy my-policy.yaml
    """
    with _refusals():
        settings = load_settings(host=host, port=port, data=data, policy=policy, store=store, demo_bind=demo_bind)
        _refuse(settings, seed=seed)
        allow_connections(settings.max_connections)
        listening = _listen(settings.host, settings.port)
    with listening:
        with _refusals():
            settings = settings.model_copy(update={"base_url": settings.base_url or _url(listening)})
            system = build_system(settings)
        if not _serve_until_signal(_server(settings, system, seed=seed), listening):
            raise typer.Exit(CANNOT_START)


def _refuse(settings: Settings, *, seed: bool) -> None:
    """Raise SettingsRefused if these settings are unsafe, or if production would play the demo."""
    if seed and settings.environment == "production":
        raise SettingsRefused("--seed plays the demo; it must not be used in production.")
    refuse_unsafe(settings)


def _server(settings: Settings, system: System, *, seed: bool) -> _AnnouncingServer:
    protocol = limited(_limits(settings))
    config = _config(create_app(settings, system=system), settings, protocol)
    return _AnnouncingServer(config, opening(settings, system, seeded=seed), protocol.door)


@contextmanager
def _refusals() -> Iterator[None]:
    """End with a sentence on standard error if the server must not or cannot start."""
    try:
        yield
    except SettingsRefused as refused:
        raise ended(sentence_of(refused), CANNOT_USE) from refused
    except (YamlRefused, PackageRefused, NotUnderstood, RuntimeError, OSError) as refused:
        raise ended(sentence_of(refused), CANNOT_START) from refused


def _serve_until_signal(server: uvicorn.Server, listening: socket.socket) -> bool:
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
            await self._opening(_url(sockets[0]))
            _settle()
            print(f"ready {_url(sockets[0])}/fhir", flush=True)

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


def _listen(host: str, port: int) -> socket.socket:
    """Bind the port before anything else is opened. Raises RuntimeError, with a sentence, if that fails."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as refused:
        listening.close()
        where = f"{host}:{port}"
        remedy = "Choose another address with --host and --port."
        raise RuntimeError(f"Cannot listen on {where}: {refused.strerror}. {remedy}") from refused
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
