"""Listen for notifications on loopback, as the endpoint of an EHR does, and keep them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Take = Callable[[Mapping[str, str], Json], int]
"""Takes the headers and the Bundle of a notification, and returns the status of the answer."""

POLL_SECONDS = 0.02
PATIENCE_SECONDS = 30.0


class Mailbox:
    """The notifications of events that arrived, the oldest first."""

    def __init__(self) -> None:
        self._events: list[Json] = []
        self._arrived = threading.Condition()

    def take(self, _: Mapping[str, str], bundle: Json) -> int:
        """Keep a notification, unless it is a handshake or a heartbeat."""
        if status_of(bundle)["type"]["valueCode"] == "event-notification":
            with self._arrived:
                self._events.append(bundle)
                self._arrived.notify_all()
        return HTTPStatus.OK

    def event(self, claim_response: str) -> Json | None:
        """Wait for the event about a ClaimResponse, and return its notification; None if it does not come in time."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._find(claim_response) is not None, PATIENCE_SECONDS)
            return self._find(claim_response)

    def _find(self, claim_response: str) -> Json | None:
        return next((event for event in self._events if answer_in(event)["id"] == claim_response), None)


def status_of(bundle: Json) -> dict[str, Json]:
    """Return the parameters of the status in a notification, by name."""
    return {parameter["name"]: parameter for parameter in bundle["entry"][0]["resource"]["parameter"]}


def answer_in(bundle: Json) -> Json:
    """Return the ClaimResponse in the Bundle that a notification carries."""
    response: Json = bundle["entry"][1]["resource"]["entry"][0]["resource"]
    return response


@contextmanager
def listening(take: Take) -> Iterator[str]:
    """Listen on a free loopback port; yield the URL of the endpoint."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(take(dict(self.headers.items()), body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/notifications"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
