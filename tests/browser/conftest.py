"""A demo server with a member's answers, a browser app on an origin of its own, and a headless browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy

import pytest
from playwright.sync_api import Browser

from tests.support import node
from tests.support.chromium import chromium

HERE = Path(__file__).parent / "app"
LIBRARY = "fhirclient/build/fhir-client.js"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser for one module: while it is open, its event loop keeps others from running in this process."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the app with the SMART JavaScript client, and return its address."""
    folder = tmp_path_factory.mktemp("app")
    for file in (*HERE.iterdir(), node.packages() / LIBRARY):
        copy(file, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
