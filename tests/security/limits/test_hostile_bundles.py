"""Bundles whose references or narratives trouble a reader: the cost stays in proportion, and HTML stays data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.refusing import everything
from tests.support.calls import counting_calls
from tests.support.samples import Json, request_bundle
from tests.support.server import Server, serving

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


def chain(length: int = 400) -> list[Json]:
    return [listed(number, url(number + 1)) for number in range(length)]


def twice() -> list[Json]:
    return [listed(1, url(1)), listed(1, url(1))]


def mesh(width: int = 100) -> list[Json]:
    return [listed(number, *map(url, range(width))) for number in range(width)]


def with_entries(entries: list[Json], *, linked: bool) -> Json:
    body = request_bundle()
    body["entry"] += entries
    if linked:
        information = {"sequence": 1, "category": {"text": "list"}, "valueReference": {"reference": url(1)}}
        body["entry"][0]["resource"].setdefault("supportingInfo", []).append(information)
    return body


@pytest.mark.acceptance("C46")
@pytest.mark.parametrize("entries", [circle, chain, twice, mesh])
@pytest.mark.parametrize("linked", [False, True])
async def test_references_in_circles_and_chains_are_answered(
    server: Server, entries: Callable[[], list[Json]], linked: bool
) -> None:
    server.is_sent_junk()
    answer = await server.post(SUBMIT, with_entries(entries(), linked=linked))
    assert answer.status_code in {200, 400, 422}


@pytest.mark.acceptance("C46")
@pytest.mark.parametrize(("entries", "size", "growth"), [(chain, 100, 2), (mesh, 30, 4)])
@pytest.mark.parametrize("linked", [False, True])
async def test_the_cost_of_references_grows_with_their_number(
    tmp_path: Path, entries: Callable[[int], list[Json]], size: int, growth: int, linked: bool
) -> None:
    few, many = [await calls_for(tmp_path, with_entries(entries(n), linked=linked)) for n in (size, 2 * size)]
    assert many < few * growth * 1.25


async def calls_for(folder: Path, body: Json) -> int:
    async with serving(folder) as server:
        server.is_sent_junk()
        with counting_calls() as calls:
            await server.post(SUBMIT, body)
    return calls[0]


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
