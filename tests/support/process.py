"""Run a real server as its own process: start, stop or kill it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from app.adapters.tokens.key_files import load_or_create_key
from app.adapters.tokens.own_tokens import mint
from app.adapters.tokens.root_file import read_root
from tests.house.code import ROOT
from tests.support.environment import plain_environment
from tests.support.installed import install
from tests.support.people import DEMO_CLIENTS

START_SECONDS = 30
GRACE_SECONDS = 15
LOG_FILE = "server.log"
PLENTY: Mapping[str, object] = {
    "requests_per_second": 1e6,
    "anonymous_requests_per_second": 1e6,
    "concurrent_requests_per_client": 10_000,
    "failed_logins_per_minute": 1_000_000,
}
"""Rate limits that no test reaches by chance."""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that accepts requests at `url` (which ends with /fhir) and leads its own process group."""

    url: str
    process: subprocess.Popen[str]

    @property
    def address(self) -> tuple[str, int]:
        return address_of(self.url)

    def kill(self) -> None:
        """Kill the server and all processes that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._ended()

    def stop(self) -> int:
        """Ask the server to shut down; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(GRACE_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def address_of(url: str) -> tuple[str, int]:
    """Return the host and the port in a URL."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def surroundings(settings: Mapping[str, object]) -> dict[str, str]:
    """Return the environment of a server with these settings, and no others, as PREAUTH_* variables."""
    variables = {f"PREAUTH_{name.upper()}": str(value) for name, value in {**PLENTY, **settings}.items()}
    return {**plain_environment(), **variables}


def serve_command(data: Path, *options: str) -> list[str]:
    """Return the command that serves `data` on a free loopback port."""
    return [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--data", str(data), *options]


def start(command: Sequence[str], folder: Path, *, settings: Mapping[str, object] | None = None) -> ServerProcess:
    """Start a server and wait for its line `ready URL`; append its log to a file in `folder`."""
    with (folder / LOG_FILE).open("ab") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            env=surroundings(settings or {}),
            start_new_session=True,
        )
    assert process.stdout is not None
    spoke, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    word, _, url = process.stdout.readline().strip().partition(" ") if spoke else ("", "", "")
    if word != "ready":
        process.kill()
        process.wait()
        process.stdout.close()
        raise AssertionError((folder / LOG_FILE).read_text(encoding="utf-8"))
    return ServerProcess(url, process)


@contextmanager
def server_process(folder: Path, *options: str, **settings: object) -> Iterator[ServerProcess]:
    """Serve `folder` with these settings while a test needs it; a new folder is that of a demo."""
    install(folder)
    server = start(serve_command(folder, *options), folder, settings=settings)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def bearer(data: Path, client: str, root: str | None = None) -> str:
    """Make an Authorization header for one of the demo's clients, good for a day.

    The token is for the server at `root`; without it, for the last server that used the folder.
    """
    scopes, day = DEMO_CLIENTS[client].scopes, timedelta(hours=24)
    key = load_or_create_key(data)
    return f"Bearer {mint(key, root or read_root(data), client, scopes, datetime.now(UTC), lifetime=day)}"
