"""When the server cannot answer: a status that says whether to come back, and nothing of the inside."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.adapters.memory import MemoryDocuments
from app.ports import Document, StoreUnavailable
from tests.api.reading import issues, sample
from tests.support.server import serving


class BrokenDocuments(MemoryDocuments):
    """A store that stops answering, with an error that nobody expects or with its own."""

    error: Exception | None = None

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        if self.error is not None:
            raise self.error
        return await super().get(kind, id)


async def test_a_store_that_is_away_is_a_503_that_says_when_to_come_back(tmp_path: Path) -> None:
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


async def test_an_unexpected_failure_tells_nothing_of_the_inside_and_can_be_asked_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = BrokenDocuments()
    async with serving(tmp_path, documents=documents) as server:
        documents.error = ValueError("secret of the inside")
        read = await server.get("/Claim/1", **{"X-Request-Id": "ticket-43"})
        submitted = await server.post("/Claim/$submit", sample("request-approve"))
    assert (read.status_code, issues(read)[0]["code"]) == (500, "exception")
    assert (submitted.status_code, submitted.content) == (500, b"")
    assert "secret" not in read.text
    assert read.headers["x-request-id"] == "ticket-43"
    assert read.headers["cache-control"] == "no-store"
    logged = capsys.readouterr().err
    assert '"event":"unexpected"' in logged
    assert logged.count("ticket-43") == 2
    assert "secret" not in logged
