"""`preauth serve`: the server, until it is told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.domain.yaml.text import YamlRefused
from app.main import create_app
from app.settings import SettingsRefused, load_settings

BACKLOG = 2048
GRACE_SECONDS = 5

CANNOT_START = 3
"""The exit code of a server that could not open its store, its policy or its port."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.  [default: 8000]")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the database and the key.  [default: ./data]")] = None,
    policy: Annotated[Path | None, typer.Option(help="A policy file, or a folder of them.  [default: shipped]")] = None,
    store: Annotated[str | None, typer.Option(help="sqlite, memory or mongodb://…  [default: sqlite]")] = None,
) -> None:
    """Serve FHIR; prints one line `ready http://HOST:PORT/fhir` once requests are accepted.

    Example: preauth serve --port 0 --data /tmp/preauth --policy my-policy.yaml
    """
    try:
        settings = load_settings(host=host, port=port, data=data, policy=policy, store=store)
        listening = _listen(settings.host, settings.port)
        bound = settings.model_copy(update={"base_url": settings.base_url or _url(listening)})
        app = create_app(bound)
    except (SettingsRefused, YamlRefused, RuntimeError, OSError) as refused:
        print(refused, file=sys.stderr)
        raise typer.Exit(CANNOT_START) from refused
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_SECONDS)
    if not _serve_until_told(_Announced(config), listening):
        raise typer.Exit(CANNOT_START)


def _serve_until_told(server: uvicorn.Server, listening: socket.socket) -> bool:
    """Serve until SIGINT or SIGTERM, which are the way to stop and not a failure; tell whether serving began."""
    # uvicorn raises the signal again once it has shut down; taken here, the process ends with 0.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    server.run([listening])
    return server.started


class _Announced(uvicorn.Server):
    """Says that it is ready, once it is."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(f"ready {_url(sockets[0])}/fhir", flush=True)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    return listening


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
