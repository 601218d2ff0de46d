"""A server that cannot answer: the status says whether to retry, and the body reveals no internals."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.ports import StoreUnavailable, TooCostly, TooLarge
from tests.api.reading import answered, issues, sample
from tests.api.reviewing import decide, ruling
from tests.support.broken_store import BrokenDocuments
from tests.support.logged import logged
from tests.support.samples import CPT, concept, inquiry_bundle
from tests.support.server import serving

TICKET = "6f1c2a9e-3b4d-4c5e-8f60-718293a4b5c6"


@pytest.mark.acceptance("F67")
@pytest.mark.requirement("pas-2.2.1/spec-38")
@pytest.mark.requirement("pas-2.2.1/spec-39")
async def test_an_unavailable_store_gives_a_503_with_retry_after(tmp_path: Path) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = StoreUnavailable()
        read = await server.get("/Claim/1")
        submitted = await server.post("/Claim/$submit", sample("request-approve"))
        assert (read.status_code, issues(read)[0]["code"]) == (503, "transient")
        assert (submitted.status_code, submitted.content) == (503, b"")
        assert int(read.headers["retry-after"]) > 0
        assert int(submitted.headers["retry-after"]) > 0
        assert (await server.get("", base="/health")).status_code == 503
        documents.error = None
        assert (await server.post("/Claim/$submit", sample("request-approve"))).status_code == 200
        assert (await server.get("", base="/health")).json() == {"status": "ok"}


@pytest.mark.requirement("pas-2.2.1/spec-38")
async def test_an_unexpected_failure_has_a_request_id_and_reveals_no_internals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = ValueError("secret of the inside")
        read = await server.get("/Claim/1", **{"X-Request-Id": TICKET})
        submitted = await server.post("/Claim/$submit", sample("request-approve"))
        documents.error = None
    assert (read.status_code, issues(read)[0]["code"]) == (500, "exception")
    assert (submitted.status_code, submitted.content) == (500, b"")
    assert "may or may not have been stored" in issues(read)[0]["details"]["text"]
    assert "secret" not in read.text
    assert read.headers["x-request-id"] == TICKET
    assert read.headers["cache-control"] == "no-store"
    lines = logged(capsys)
    assert [line["request_id"] for line in lines if line["event"] == "unexpected"] == [
        TICKET,
        submitted.headers["x-request-id"],
    ]
    assert str(lines).count(TICKET) == 2
    assert "secret" not in str(lines)


async def test_a_document_too_large_for_the_store_is_a_413(tmp_path: Path) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = TooLarge()
        submitted = await server.post("/Claim/$submit", sample("request-approve"))
        created = await server.post("/Claim", sample("bill"))
    for answer in (submitted, created):
        assert (answer.status_code, issues(answer)[0]["code"]) == (413, "too-long")


@pytest.mark.parametrize(("path", "told"), [("/Claim/$submit", False), ("/Claim/$inquire", False), ("/Claim", True)])
@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_only_the_operations_of_pas_fail_without_an_operation_outcome(
    tmp_path: Path, path: str, base: str, *, told: bool
) -> None:
    body = {
        "/Claim": sample("bill"),
        "/Claim/$inquire": inquiry_bundle(items=[{"sequence": 1, "productOrService": concept(CPT, "97110")}]),
        "/Claim/$submit": sample("request-approve"),
    }[path]
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = StoreUnavailable()
        answer = await server.post(path, body, base=base)
    assert answer.status_code == 503
    assert bool(answer.content) is told


async def test_a_failing_decide_has_an_operation_outcome(tmp_path: Path) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        pended = answered(await server.post("/Claim/$submit", sample("request-pend")))
        documents.error = StoreUnavailable()
        answer = await decide(server, pended["id"], ruling(1, "deny", reason="not-covered"))
    assert (answer.status_code, issues(answer)[0]["code"]) == (503, "transient")


async def test_a_too_costly_search_is_a_400_with_a_remedy(tmp_path: Path) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = TooCostly()
        for path in ("/Claim", "/Claim?_count=0", "/Claim/_history"):
            answer = await server.get(path)
            assert (answer.status_code, issues(answer)[0]["code"]) == (400, "too-costly")
            assert "use fewer conditions" in issues(answer)[0]["details"]["text"]
        assert (await server.post("/Claim/$inquire", inquiry_bundle())).status_code == 503
