"""The log describes each request without patient data."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from app.adapters.memory import MemoryDocuments
from app.fhir.json import write
from app.log import ALLOWED, configure
from app.ports import Query
from tests.api.reading import SAMPLES, answered, resources, sample
from tests.api.reviewing import decide, ruling
from tests.support.logged import logged
from tests.support.server import Server, serving

Json = dict[str, Any]

TELLING = frozenset(
    {"value", "family", "given", "birthDate", "subscriberId", "preAuthRef", "valueString", "line", "text"}
)
"""Elements whose values identify a person or a number, or are free text."""

MADE_HERE = frozenset({"timestamp", "duration_ms", "bytes", "status"})
"""Fields of a line that this server generates: their digits may resemble any value."""

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOO_LONG_FOR_CHANCE = 10
"""Shorter values may occur in a random id by chance."""

TICKET = "6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6"
BODIES = {file.stem: sample(file.stem) for file in sorted(SAMPLES.glob("*.json"))}
REQUESTS = {name: body for name, body in BODIES.items() if name.startswith("request-")}


def telling(value: Any, name: str = "") -> Iterator[str]:
    """Yield the values of a JSON document that must not be logged."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from telling(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from telling(inner, name)
    elif isinstance(value, str) and name in TELLING and len(value) > 2:
        yield value


def spoilt(body: Json) -> Iterator[Json | bytes]:
    """Yield requests with faults that cause issues."""
    person = next(index for index, one in enumerate(resources(body)) if one["resourceType"] == "Patient")
    name = next(telling(body["entry"][person]["resource"]["name"]))
    text = write(body).encode()
    yield text[:-20]
    yield text.replace(b'"male"', b"NaN").replace(b'"female"', b"NaN")
    yield text + text
    for path, value in {
        ("entry", 0, "resource", "patient"): {"reference": f"Patient/{name}"},
        ("entry", 0, "resource", "use"): name,
        ("entry", 0, "resource", "item", 0, "quantity", "value"): name,
        ("entry", 0, "resource", "item", 0, "sequence"): name,
        ("entry", 0, "resource", "created"): name,
        ("entry", person, "resource", "birthDate"): {"value": name},
        ("entry", person, "resource", "name"): name,
        ("entry", person, "resource", "resourceType"): name,
        ("entry", person, "fullUrl"): name,
        ("resourceType",): name,
        ("type",): name,
    }.items():
        changed: Any = copy.deepcopy(body)
        place = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        yield changed


async def played(server: Server) -> set[str]:
    """Send all samples; return the values that must not be in the log."""
    secrets = set(telling(list(BODIES.values())))
    for name, body in BODIES.items():
        path = {"inquiry": "/Claim/$inquire", "bill": "/Claim"}.get(name, "/Claim/$submit")
        answer = await server.post(path, body)
        secrets |= set(telling(answer.json()))
        secrets |= {one["id"] for one in (answer.json(), *resources(answer.json())) if "id" in one}
    pended = answered(await server.post("/Claim/$submit", REQUESTS["request-pend"]))
    await decide(server, pended["id"], ruling(1, "deny", reason="not-covered", note="Ask Alex Sample to call."))
    await decide(server, pended["id"], ruling(1, "Alex"))
    for type_ in ("Claim", "ClaimResponse", "Patient", "Coverage"):
        for one in resources((await server.get(f"/{type_}")).json()):
            secrets |= {one["id"], *telling(one)}
            await server.get(f"/{type_}/{one['id']}")
            await server.get(f"/{type_}/{one['id']}", "ehr-b")
    return secrets


async def misused(server: Server, secrets: set[str]) -> None:
    """Send refused requests with private values in every place that a caller controls."""
    for body in REQUESTS.values():
        for bad in spoilt(body):
            for path in ("/Claim/$submit", "/Claim/$inquire", "/Claim"):
                await server.post(path, bad)
    patient = next(one for one in resources(BODIES["inquiry"]) if one["resourceType"] == "Patient")
    await server.post("/Patient", {**patient, "birthDate": "Sample", "species": "Alex"}, "admin")
    lenient = server.headers("ehr-a", Prefer="handling=lenient")
    for secret in sorted(secrets):
        await server.http.get("/fhir/Patient", params={"identifier": secret}, headers=server.headers("ehr-a"))
        await server.http.get("/fhir/Patient", params={secret: secret}, headers=lenient)
        await server.http.get(f"/fhir/{quote(secret, safe='')}")
        await server.http.get("/fhir/Patient", headers={"Authorization": f"Bearer {secret}"})
        await server.http.get("/fhir/metadata", headers={"Accept": secret})
        if not REQUEST_ID.fullmatch(secret):
            await server.http.get("/fhir/metadata", headers={"X-Request-Id": secret})


async def test_no_log_line_has_patient_data(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = await played(server)
    assert {"M001", "Sample", "Alex", "1984-05-17", "REQ-1001", "1987654328"} <= secrets
    await misused(server, secrets)
    lines = logged(capsys)
    assert len(lines) > 300
    for line in lines:
        assert set(line) <= ALLOWED
        named = line.pop("request_id")
        assert REQUEST_ID.fullmatch(named)
        assert not [secret for secret in secrets if len(secret) >= TOO_LONG_FOR_CHANCE and secret in named]
        said = write({name: value for name, value in line.items() if name not in MADE_HERE})
        assert not [secret for secret in secrets if secret in said], line["route"]


async def test_each_request_is_one_line_with_its_route_instead_of_its_path(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    read = await server.get(f"/ClaimResponse/{response['id']}?_format=json", base="/2.0.1/fhir")
    nowhere = await server.get("/Patients/M001", **{"X-Request-Id": TICKET})
    lines = logged(capsys)
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/fhir/Claim/$submit", 200),
        ("GET", "/2.0.1/fhir/ClaimResponse/{id:fhirid}", 200),
        ("GET", "unmatched", 404),
    ]
    assert [line.get("client") for line in lines] == ["ehr-a", "ehr-a", None]
    assert [line["bytes"] for line in lines[1:]] == [len(read.content), len(nowhere.content)]
    assert lines[1]["request_id"] == read.headers["x-request-id"]
    assert lines[2]["request_id"] == TICKET


async def test_the_line_of_a_request_has_these_allowed_fields(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    await server.get("/ClaimResponse?status=active")
    [line] = logged(capsys)
    assert " ".join(line) == "timestamp level request_id method route status duration_ms client bytes event"
    assert set(line) <= ALLOWED


async def test_requests_have_no_line_at_the_level_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(tmp_path) as server:
        configure("warning")
        try:
            assert (await server.get("/metadata")).status_code == 200
        finally:
            configure("info")
    assert logged(capsys, "request") == []


class QuotingDocuments(MemoryDocuments):
    """A store whose errors quote their arguments."""

    failing = False

    async def find(self, query: Query) -> list[Any]:
        if self.failing:
            raise RuntimeError(f"no such thing: {query}")
        return await super().find(query)


async def test_a_failure_is_logged_without_its_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = QuotingDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.failing = True
        answer = await server.get("/Patient?identifier=M001-quoted&family=Sample")
        assert answer.status_code == 500
    [line] = logged(capsys, "unexpected")
    assert line["error"] == "RuntimeError"
    assert "test_logs.py" in line["at"][-1]
    assert "quoted" not in str(line) + answer.text
    assert "no such thing" not in str(line) + answer.text
