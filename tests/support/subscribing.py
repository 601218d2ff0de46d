"""A client that subscribes, and an endpoint that keeps the notifications it gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.codes import PAS_TOPIC, backport
from app.ports import Undeliverable
from app.workers.deliveries import run_once
from app.workflow.subscriptions.fan_out import fan_out
from tests.support.server import Server
from tests.support.verdict import verdict

Json = dict[str, Any]

ENDPOINT = "https://ehr.example.org/hook"
SECRET = "Bearer of-the-endpoint"


def subscription(*filters: str, content: str = "full-resource", **changes: Any) -> Json:
    """Build a Subscription to the topic of PAS; `changes` replace elements, or those of `channel` below `channel`."""
    channel = {
        "type": "rest-hook",
        "endpoint": ENDPOINT,
        "payload": "application/fhir+json",
        "_payload": {"extension": [{"url": backport("backport-payload-content"), "valueCode": content}]},
        "header": [f"Authorization: {SECRET}"],
        **changes.pop("channel", {}),
    }
    body = {
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "Results of our requests",
        "criteria": PAS_TOPIC,
        "channel": {name: value for name, value in channel.items() if value is not None},
        **changes,
    }
    if filters:
        url = backport("backport-filter-criteria")
        body["_criteria"] = {"extension": [{"url": url, "valueString": one} for one in filters]}
    return body


@dataclass(frozen=True, slots=True)
class Received:
    """A notification as the endpoint got it."""

    url: str
    headers: dict[str, str]
    bundle: Json

    @property
    def status(self) -> Json:
        """The first values of the status, by the names of its parameters."""
        parameters: list[Json] = self.bundle["entry"][0]["resource"]["parameter"]
        return {one["name"]: next((value for key, value in one.items() if key != "name"), None) for one in parameters}

    @property
    def kind(self) -> str:
        return str(self.status["type"])

    @property
    def number(self) -> int:
        """The number of the only event."""
        [part] = [part for part in self.status["notification-event"] if part["name"] == "event-number"]
        return int(part["valueString"])

    @property
    def answer(self) -> Json:
        """The ClaimResponse in the Bundle of the focus."""
        response: Json = self.bundle["entry"][1]["resource"]["entry"][0]["resource"]
        return response


@dataclass(slots=True)
class Endpoint:
    """Takes notifications with a status, or does not answer (None, or a `dead` URL). Implements `Notifier`."""

    answers: int | None = 200
    received: list[Received] = field(default_factory=list)
    attempts: int = 0
    dead: set[str] = field(default_factory=set)

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float) -> int:
        assert 0 < seconds <= 10
        self.attempts += 1
        if self.answers is None or url in self.dead:
            raise Undeliverable
        if 200 <= self.answers < 300:
            edition = "2.0.1" if b"/2.0.1/fhir/Subscription/" in body else "2.2.1"
            assert verdict(body, edition) == ()
            self.received.append(Received(url, dict(headers), json.loads(body)))
        return self.answers

    @property
    def events(self) -> list[Received]:
        return [one for one in self.received if one.kind == "event-notification"]


async def subscribed(server: Server, *filters: str, client: str = "ehr-a", **changes: Any) -> Json:
    """Create a Subscription, and let its handshake succeed; return it as created."""
    created = await create(server, *filters, client=client, **changes)
    assert created.status_code == 201, created.text
    server.clock.move(seconds=2)
    await work(server)
    body: Json = created.json()
    return body


async def create(server: Server, *filters: str, client: str = "ehr-a", **changes: Any) -> httpx.Response:
    base = changes.pop("base", "/fhir")
    return await server.post("/Subscription", subscription(*filters, **changes), client, base)


async def work(server: Server) -> None:
    """Let the workers do what is due now."""
    while await fan_out(server.system):
        pass
    await run_once(server.system)
