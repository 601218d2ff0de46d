"""Large bodies are read and checked beside the event loop: they get the same answers, and others need not wait."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from msgspec import field

from app.conformance.admission import Conformance
from app.fhir.body import Checked, Unchecked
from app.fhir.json import write
from app.workflow.aside import LARGE
from tests.api.reading import answered, issues
from tests.support.samples import Json, billing_claim, inquiry_bundle, patient, request_bundle
from tests.support.server import Server, serving, shipped_system

PROSE = "Low back pain for six weeks. " * (LARGE // 20)
NARRATIVE = {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{PROSE}</p></div>'}


class Watched(Conformance, frozen=True):
    """Waits on any thread but the first until it may go on."""

    entered: threading.Event = field(default_factory=threading.Event)
    gate: threading.Event = field(default_factory=threading.Event)

    def by_profile(self, body: Unchecked, edition: str, profile: str) -> Checked:
        if threading.current_thread() is not threading.main_thread():
            self.entered.set()
            assert self.gate.wait(30)
        return super().by_profile(body, edition, profile)


def watched() -> Watched:
    known = shipped_system().conformance
    return Watched(known.editions, known.base, known.level)


class Recording(Conformance, frozen=True):
    """Records whether a check by R4 runs on the thread of the event loop."""

    on_loop: list[bool] = field(default_factory=list)

    def by_r4(self, body: Unchecked) -> Checked:
        self.on_loop.append(threading.current_thread() is threading.main_thread())
        return super().by_r4(body)


def large(body: Json) -> Json:
    resource = body["entry"][1]["resource"] if body["resourceType"] == "Bundle" else body
    resource["text"] = NARRATIVE
    assert len(write(body)) > LARGE
    return body


SENT = [
    ("/Claim/$submit", "ehr-a", request_bundle),
    ("/Claim/$submit", "biller", billing_claim),
    ("/Claim/$inquire", "ehr-a", inquiry_bundle),
    ("/Claim", "biller", billing_claim),
    ("/Bundle/$validate", "ehr-a", request_bundle),
    ("/Patient", "admin", patient),
]


@pytest.mark.parametrize(("path", "client", "body"), SENT)
async def test_a_large_body_gets_the_answer_of_a_small_one(
    server: Server, tmp_path: Path, path: str, client: str, body: Any
) -> None:
    small = await server.post(path, body(), client)
    async with serving(tmp_path) as other:
        grown = await other.post(path, large(body()), client)
    assert (grown.status_code, grown.json()["resourceType"]) == (small.status_code, small.json()["resourceType"])


@pytest.mark.parametrize("path", ["/Claim/$submit", "/Claim/$inquire", "/Bundle/$validate"])
async def test_a_large_body_is_refused_with_its_place(server: Server, path: str) -> None:
    body = large(request_bundle() if path != "/Claim/$inquire" else inquiry_bundle())
    body["entry"][0]["resource"]["created"] = "yesterday"
    found = issues(await server.post(path, body))
    assert "Bundle.entry[0].resource.created" in {one["expression"][0] for one in found}


async def test_the_server_answers_other_clients_while_it_checks_a_large_body(tmp_path: Path) -> None:
    conformance = watched()
    async with serving(tmp_path, conformance=conformance) as server:
        slow = asyncio.create_task(server.post("/Claim/$submit", large(request_bundle(identifier="LARGE"))))
        assert await asyncio.to_thread(conformance.entered.wait, 30)
        assert answered(await server.post("/Claim/$submit", request_bundle()))["outcome"] == "complete"
        assert (await server.get("/metadata")).status_code == 200
        assert not slow.done()
        conformance.gate.set()
        assert answered(await slow)["outcome"] == "complete"


async def test_a_repeated_large_request_gets_the_first_answer(server: Server) -> None:
    body = large(request_bundle())
    first, second = await asyncio.gather(*(server.post("/Claim/$submit", body) for _ in range(2)))
    assert answered(first)["outcome"] == "complete"
    assert first.content == second.content


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Claim/$submit", request_bundle),
        ("/Claim/$inquire", inquiry_bundle),
        ("/Bundle/$validate", request_bundle),
    ],
)
async def test_parameters_around_a_large_body_are_checked_beside_the_event_loop(
    tmp_path: Path, path: str, body: Any
) -> None:
    known = shipped_system().conformance
    conformance = Recording(known.editions, known.base, known.level)
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": large(body())}]}
    async with serving(tmp_path, conformance=conformance) as server:
        assert (await server.post(path, wrapped)).status_code == 200
    assert conformance.on_loop == [False]
