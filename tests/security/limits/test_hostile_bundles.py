"""Bundles whose references or narratives are made to trouble a reader: soon answered, and never shown as HTML."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.api.refusing import everything
from tests.support.samples import Json, request_bundle
from tests.support.server import Server

SUBMIT = "/Claim/$submit"
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">'


def listed(number: int, *references: str) -> Json:
    entries = [{"item": {"reference": reference}} for reference in references]
    resource = {"resourceType": "List", "status": "current", "mode": "working", "entry": entries}
    return {"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012}", "resource": resource}


def url(number: int) -> str:
    return str(listed(number)["fullUrl"])


def circle() -> list[Json]:
    return [listed(1, url(2)), listed(2, url(1)), listed(3, url(3))]


def chain() -> list[Json]:
    return [listed(number, url(number + 1)) for number in range(400)]


def twice() -> list[Json]:
    return [listed(1, url(1)), listed(1, url(1))]


def mesh() -> list[Json]:
    return [listed(number, *map(url, range(100))) for number in range(100)]


@pytest.mark.acceptance("C46")
@pytest.mark.parametrize("entries", [circle, chain, twice, mesh])
@pytest.mark.parametrize("linked", [False, True])
async def test_references_in_circles_and_chains_are_soon_answered(
    server: Server, entries: Callable[[], list[Json]], linked: bool
) -> None:
    server.is_sent_junk()
    body = request_bundle()
    body["entry"] += entries()
    if linked:
        information = {"sequence": 1, "category": {"text": "list"}, "valueReference": {"reference": url(1)}}
        body["entry"][0]["resource"].setdefault("supportingInfo", []).append(information)
    started = time.process_time()
    answer = await server.post(SUBMIT, body)
    assert time.process_time() - started < 1
    assert answer.status_code in {200, 400, 422}


@pytest.mark.acceptance("C47")
@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        '<img src="x" onerror="alert(1)"/>',
        '<iframe src="https://evil.test"></iframe>',
        '<form action="https://evil.test"><input name="a"/></form>',
        "<style>*{background:url(https://evil.test)}</style>",
        "<object data='x'></object>",
        "<!--<script>alert(1)</script>--><script/>",
        "<![CDATA[<script>alert(1)</script>]]><script/>",
    ],
)
@pytest.mark.parametrize("element", ["Claim", "Patient"])
async def test_a_narrative_with_active_content_is_rejected(server: Server, inside: str, element: str) -> None:
    body = request_bundle()
    resource = next(entry["resource"] for entry in body["entry"] if entry["resource"]["resourceType"] == element)
    resource["text"] = {"status": "generated", "div": f"{XHTML}{inside}</div>"}
    before = everything(server)
    answer = await server.post(SUBMIT, body)
    assert answer.status_code == 422
    assert everything(server) == before


@pytest.mark.acceptance("C47")
async def test_a_link_in_a_narrative_stays_data(server: Server) -> None:
    body = request_bundle()
    link = f'{XHTML}<a href="javascript:alert(1)">x</a></div>'
    body["entry"][0]["resource"]["text"] = {"status": "generated", "div": link}
    answer = await server.post(SUBMIT, body)
    for shown in (answer, await server.get("/Claim"), await server.http.get("/", headers={"Accept": "text/html"})):
        assert "text/html" not in shown.headers["content-type"] or "javascript:" not in shown.text
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"].startswith("default-src 'none'")
