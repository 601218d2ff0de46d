"""An endpoint of notifications on loopback: a thread that takes them over HTTP and keeps them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]

PATIENCE = 60.0
PAUSE = 0.02


@dataclass(slots=True)
class Listener:
    """The notifications that arrived, with their headers. The next answers have a status and, in seconds, a delay."""

    url: str = ""
    status: int = 200
    delay: float = 0
    arrived: list[tuple[dict[str, str], Json]] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Json]:
        """Return the Bundles of a kind, such as handshake."""
        return [bundle for _, bundle in list(self.arrived) if parameter(bundle, "type")["valueCode"] == kind]

    def numbers(self, subscription: str) -> list[int]:
        """Return the numbers of the events of a Subscription, as they arrived."""
        mine = [
            bundle
            for bundle in self.of_kind("event-notification")
            if parameter(bundle, "subscription")["valueReference"]["reference"].endswith(subscription)
        ]
        return [number_of(bundle) for bundle in mine]

    def wait(self, enough: Callable[[], bool]) -> None:
        """Wait until `enough`, or fail."""
        deadline = time.monotonic() + PATIENCE
        while not enough():
            assert time.monotonic() < deadline, f"only {len(self.arrived)} notifications arrived"
            time.sleep(PAUSE)


def parameter(bundle: Json, name: str) -> Json:
    """Return a parameter of the status in a notification."""
    [found] = [one for one in bundle["entry"][0]["resource"]["parameter"] if one["name"] == name]
    result: Json = found
    return result


def number_of(bundle: Json) -> int:
    """Return the number of the only event in a notification."""
    [part] = [one for one in parameter(bundle, "notification-event")["part"] if one["name"] == "event-number"]
    return int(part["valueString"])


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a free loopback port while a test needs it."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if listener.status == 200:
                listener.arrived.append((dict(self.headers.items()), body))
            time.sleep(listener.delay)
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(PAUSE,))
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
