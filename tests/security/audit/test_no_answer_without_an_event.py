"""Without its AuditEvent, no answer leaves and no change is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.adapters.memory import MemoryDocuments
from app.ports import Insert, StoreUnavailable, Write
from tests.api.refusing import everything
from tests.security.audit.requests import filled
from tests.security.audit.trail import Trail
from tests.support.samples import request_bundle
from tests.support.server import serving


class WithoutAudit(MemoryDocuments):
    """Takes every row but AuditEvents, once `fails`."""

    fails = False

    async def commit(self, *writes: Write) -> None:
        if self.fails and any(isinstance(write, Insert) and write.document.kind == "AuditEvent" for write in writes):
            raise StoreUnavailable("no room for the audit log")
        await super().commit(*writes)


@pytest.mark.acceptance("G72")
@pytest.mark.parametrize("path", ["/Patient/{id:fhirid}", "/Claim", "/ClaimResponse/{id:fhirid}/_history"])
async def test_a_read_without_its_event_is_refused_and_discloses_nothing(tmp_path: Path, path: str) -> None:
    documents = WithoutAudit()
    async with serving(tmp_path, documents=documents) as server:
        world = await filled(server)
        documents.fails = True
        answer = await world.send(path, "GET")
        documents.fails = False
        assert answer.status_code == 503
        assert [id_ for id_ in world.ids.values() if id_ in answer.text] == []
        assert (await world.send(path, "GET")).status_code == 200


@pytest.mark.acceptance("G72")
async def test_a_write_without_its_event_stores_nothing(tmp_path: Path) -> None:
    documents = WithoutAudit()
    async with serving(tmp_path, documents=documents) as server:
        before = everything(server)
        documents.fails = True
        assert (await server.post("/Claim/$submit", request_bundle())).status_code == 503
        assert everything(server) == before
        documents.fails = False
        assert (await server.post("/Claim/$submit", request_bundle())).status_code == 200


@pytest.mark.acceptance("G72")
async def test_a_repeated_submit_leaves_an_event_of_a_read(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        await server.post("/Claim/$submit", request_bundle())
        trail = await Trail(server).start()
        await server.post("/Claim/$submit", request_bundle())
        [event] = await trail.events()
        assert [coding["code"] for coding in event["subtype"]] == ["read", "operation"]
        assert event["action"] == "R"


async def test_a_search_is_recorded_as_sent_without_its_secret(tmp_path: Path) -> None:
    async with serving(tmp_path) as server:
        trail = await Trail(server).start()
        await server.get("/Claim?status=active&access_token=s3cret", "reviewer", Prefer="handling=lenient")
        [event] = await trail.documents()
        assert "s3cret" not in event.body
        assert "czNjcmV0" not in event.body
