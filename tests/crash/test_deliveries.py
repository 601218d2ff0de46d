"""Two servers on one store, one of which is killed: every notification arrives, with numbers without a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.reviewing import NEW, ruling
from tests.support.listener import Listener, listening
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import request_bundle, request_item
from tests.support.subscribing import subscription
from tests.wire import drop, mongodb

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]

ROOT = "http://preauth.test"
NPI = "8189991234"
REQUESTS = 24
STORES = ("sqlite", "mongodb")


@contextmanager
def a_store(kind: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the settings of servers that share a store."""
    settings = {"requestor_match": "any", "base_url": ROOT}
    if kind == "sqlite":
        yield settings
        return
    (folder / "mongodb").mkdir()
    with mongodb(folder / "mongodb") as url:
        database = f"preauth-{uuid4().hex}"
        try:
            yield {**settings, "store": f"{url}{database}"}
        finally:
            drop(url, database)


class Parties:
    """The EHR and the reviewer, each of whom can turn to either server."""

    def __init__(self, folder: Path) -> None:
        self._headers = {
            client: {"Authorization": bearer(folder, client, ROOT), "Content-Type": "application/fhir+json"}
            for client in ("ehr-a", "reviewer")
        }

    def post(self, server: ServerProcess, client: str, path: str, body: dict[str, Any], **more: str) -> dict[str, Any]:
        headers = self._headers[client] | more
        answer = httpx.post(server.url + path, json=body, headers=headers, trust_env=False, timeout=60)
        assert answer.is_success, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def subscribe(self, server: ServerProcess, listener: Listener) -> str:
        body = subscription(f"org-identifier={NPI}", channel={"endpoint": listener.url})
        created = self.post(server, "ehr-a", "/Subscription", body)
        listener.wait(lambda: listener.of_kind("handshake") != [])
        return str(created["id"])

    def pended(self, server: ServerProcess, number: int) -> str:
        bundle = request_bundle(identifier=f"R-{number}", items=[request_item(code="72148", quantity=2)])
        return str(self.post(server, "ehr-a", "/Claim/$submit", bundle)["entry"][0]["resource"]["id"])

    def decide(self, server: ServerProcess, response: str) -> None:
        body = {"resourceType": "Parameters", "parameter": [ruling()]}
        self.post(server, "reviewer", f"/ClaimResponse/{response}/$decide", body, **NEW)


def decisions(listener: Listener) -> list[str]:
    """Return the ids of the answers in the events, as they arrived."""
    bundles = [event["entry"][1]["resource"] for event in listener.of_kind("event-notification")]
    return [bundle["entry"][0]["resource"]["id"] for bundle in bundles]


def all_decided(parties: Parties, server_of: Callable[[int], ServerProcess]) -> list[str]:
    """Submit and decide all requests, each at the server of its number; return the ids of the answers."""
    pended = [parties.pended(server_of(number), number) for number in range(REQUESTS)]
    for number, response in enumerate(pended):
        parties.decide(server_of(number), response)
    return pended


@pytest.mark.acceptance("E58")
@pytest.mark.parametrize("kind", STORES)
def test_two_servers_deliver_each_event_once_and_in_order(tmp_path: Path, kind: str) -> None:
    with (
        listening() as listener,
        a_store(kind, tmp_path) as settings,
        server_process(tmp_path, **settings) as first,
        server_process(tmp_path, **settings) as second,
    ):
        parties = Parties(tmp_path)
        id_ = parties.subscribe(first, listener)
        pended = all_decided(parties, lambda number: (first, second)[number % 2])
        listener.wait(lambda: len(listener.numbers(id_)) >= REQUESTS)
    assert listener.numbers(id_) == list(range(1, REQUESTS + 1))
    assert sorted(decisions(listener)) == sorted(pended)


@pytest.mark.acceptance("E58")
@pytest.mark.parametrize("kind", STORES)
def test_a_kill_in_the_middle_of_deliveries_loses_no_notification(tmp_path: Path, kind: str) -> None:
    """The survivor takes over when the lease of the killed server ends; only the event in delivery may come twice."""
    with listening() as listener, a_store(kind, tmp_path) as settings, server_process(tmp_path, **settings) as first:
        parties = Parties(tmp_path)
        id_ = parties.subscribe(first, listener)
        listener.delay = 0.2
        pended = all_decided(parties, lambda _: first)
        listener.wait(lambda: len(listener.numbers(id_)) >= 2)
        first.kill()
        assert len(listener.numbers(id_)) < REQUESTS
        listener.delay = 0
        with server_process(tmp_path, **settings) as second:
            more = parties.pended(second, REQUESTS)
            parties.decide(second, more)
            listener.wait(lambda: max(listener.numbers(id_)) == REQUESTS + 1)
    arrived = listener.numbers(id_)
    assert sorted(set(arrived)) == list(range(1, REQUESTS + 2))
    assert list(dict.fromkeys(arrived)) == sorted(set(arrived))
    assert set(decisions(listener)) == {*pended, more}
