"""Where the story plays: a server, people with tokens who talk to it over HTTP, and what they remember."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
from msgspec import Struct, field

from app.demo.answers import RequestAnswer

Json = dict[str, Any]


class Surprise(Exception):  # noqa: N818 - what the reader gets, not what went wrong inside
    """The server answered otherwise than the story says; the text has what was expected and what came."""


def expect(what: str, expected: object, got: object) -> None:
    """Raise Surprise unless `got` is what was expected."""
    if got != expected:
        raise Surprise(f"{what}: expected {expected!r}, got {got!r}")


def expect_some(what: str, got: str) -> None:
    """Raise Surprise where there should be a text and is none."""
    if not got:
        raise Surprise(f"{what}: expected one, got none")


class Exchange(Struct, frozen=True):
    """One request and its answer."""

    status: int
    text: str
    etag: str
    milliseconds: float

    @property
    def body(self) -> Json:
        """The answer's JSON object; empty where it is not one."""
        read = json.loads(self.text) if self.text else {}
        return read if isinstance(read, dict) else {}

    @property
    def resources(self) -> list[Json]:
        """The resources of the Bundle that was answered, in its order."""
        return [entry["resource"] for entry in self.body.get("entry", [])]


class Scene(Struct):
    """What the steps share. `remembered` are answers to requests that later steps go back to, each by a name."""

    http: httpx.Client
    tokens: Mapping[str, str]
    today: date
    exchanges: list[Exchange] = field(default_factory=list)
    remembered: dict[str, Exchange] = field(default_factory=dict)

    def answer(self, name: str) -> RequestAnswer:
        """Return what the payer said to the request remembered by that name."""
        return RequestAnswer(self.remembered[name].resources[0])

    def get(self, client: str, path: str, *, status: int = 200) -> Exchange:
        """Read or search as a client. Raises Surprise for another status."""
        return self._send(client, status, method="GET", url=path)

    def post(
        self, client: str, path: str, body: Json, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Exchange:
        """Send a resource as a client. Raises Surprise for another status."""
        return self._send(client, status, method="POST", url=path, content=json.dumps(body), headers=headers)

    def _send(self, client: str, status: int, **request: Any) -> Exchange:
        headers = {"Authorization": f"Bearer {self.tokens[client]}", "Content-Type": "application/fhir+json"}
        request["headers"] = headers | dict(request.get("headers") or {})
        started = time.perf_counter()
        response = self.http.request(**request)
        milliseconds = (time.perf_counter() - started) * 1000
        exchange = Exchange(response.status_code, response.text, response.headers.get("ETag", ""), milliseconds)
        self.exchanges.append(exchange)
        if exchange.status != status:
            raise Surprise(f"HTTP status: expected {status}, got {exchange.status} {exchange.text}".strip())
        return exchange
