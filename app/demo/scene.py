"""The shared state of the demo's steps: the server, a token for each client, and remembered answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import Any

import httpx
from msgspec import Struct, field

from app.demo.answers import RequestAnswer
from app.demo.listener import Mailbox

Json = dict[str, Any]


class UnexpectedAnswer(Exception):  # noqa: N818 - a result of the demo, not a fault of this program
    """An answer differs from the demo's script; the text has the expected and the actual value."""


def expect(subject: str, expected: object, got: object) -> None:
    """Raise UnexpectedAnswer unless `got` equals `expected`."""
    if got != expected:
        raise UnexpectedAnswer(f"{subject}: expected {expected!r}, got {got!r}")


def expect_some(subject: str, got: str) -> None:
    """Raise UnexpectedAnswer if `got` is empty."""
    if not got:
        raise UnexpectedAnswer(f"{subject}: expected one, got none")


class Exchange(Struct, frozen=True):
    """One request and its answer."""

    status: int
    text: str
    etag: str
    milliseconds: float

    @property
    def body(self) -> Json:
        """The answer as a JSON object; empty for any other answer."""
        read = json.loads(self.text) if self.text else {}
        return read if isinstance(read, dict) else {}

    @property
    def resources(self) -> list[Json]:
        """The resources of the answered Bundle, in its order."""
        return [entry["resource"] for entry in self.body.get("entry", [])]


class Scene(Struct):
    """The state that the steps share. `remembered` has the answers that later steps need, by name.

    The EHR's `endpoint` puts its notifications into the `mailbox`. `later` runs a second server on the same store,
    whose clock is ahead by a time.
    """

    http: httpx.Client
    tokens: Mapping[str, str]
    today: date
    endpoint: str
    mailbox: Mailbox
    later: Callable[[timedelta], AbstractContextManager[object]] = nullcontext
    exchanges: list[Exchange] = field(default_factory=list)
    remembered: dict[str, Exchange] = field(default_factory=dict)

    def answer(self, name: str) -> RequestAnswer:
        """Return the remembered answer of that name."""
        return RequestAnswer(self.remembered[name].resources[0])

    def get(self, client: str, path: str, *, status: int = 200) -> Exchange:
        """Read or search as a client. Raises UnexpectedAnswer for another status."""
        return self._send(client, status, method="GET", url=path)

    def post(
        self, client: str, path: str, body: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Send a resource as a client. Raises UnexpectedAnswer for another status."""
        return self._send(client, status, method="POST", url=path, content=json.dumps(body), headers=headers)

    def delete(self, client: str, path: str, *, status: int = 204) -> Exchange:
        """Delete a resource as a client. Raises UnexpectedAnswer for another status."""
        return self._send(client, status, method="DELETE", url=path)

    def _send(self, client: str, status: int, **request: Any) -> Exchange:
        headers = {"Authorization": f"Bearer {self.tokens[client]}", "Content-Type": "application/fhir+json"}
        request["headers"] = headers | dict(request.get("headers") or {})
        started = time.perf_counter()
        response = self.http.request(**request)
        milliseconds = (time.perf_counter() - started) * 1000
        exchange = Exchange(response.status_code, response.text, response.headers.get("ETag", ""), milliseconds)
        self.exchanges.append(exchange)
        if exchange.status != status:
            raise UnexpectedAnswer(f"HTTP status: expected {status}, got {exchange.status} {exchange.text}".strip())
        return exchange
