"""What an inquiry reads: as much as the caller takes part in, however much others hold about the same member."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.adapters.memory import MemoryDocuments
from app.domain.request import Party
from app.ports import Document, Insert, Query, TermTable
from app.records import authorizations
from app.records.authorizations import Participant
from app.records.kinds import TERM_TABLE
from tests.api.reading import answered, returned
from tests.support.samples import REQUESTOR, billed_line, billing_claim, inquiry_bundle, request_bundle
from tests.support.server import Server, serving

OF_B = "1444444446"
OF_OTHERS = "1999999992"


class CountingDocuments(MemoryDocuments):
    """Counts the documents that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    async def get(self, kind: str, id: str) -> Document | None:  # noqa: A002 - the contract's word
        self.read += 1
        return await super().get(kind, id)

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        self.read += len(ids)
        return await super().get_many(kind, ids)

    async def find(self, query: Query) -> list[Document]:
        found = await super().find(query)
        self.read += 1 + len(found)
        return found


@pytest.fixture
def documents() -> CountingDocuments:
    return CountingDocuments()


@pytest.fixture
async def counted(tmp_path: Path, documents: CountingDocuments) -> AsyncIterator[Server]:
    async with serving(tmp_path, documents=documents) as running:
        yield running


async def submitted(server: Server, client: str = "ehr-a", requestor: str = REQUESTOR) -> str:
    bundle = request_bundle(identifier=f"of {client}", requestor=requestor)
    return str(answered(await server.post("/Claim/$submit", bundle, client))["id"])


async def others_hold(server: Server, like: str, count: int = 200) -> None:
    """Let other organizations and providers hold authorizations of the same member."""
    stored = await authorizations.by_id(server.system.documents, like)
    assert stored is not None
    items = tuple(replace(item, requested=replace(item.requested, providers=())) for item in stored.authorization.items)
    for number in range(count):
        other = replace(
            stored.authorization, id=f"other-{number}", owner="others", requestor=Party(npi=OF_OTHERS), items=items
        )
        await server.system.documents.commit(Insert(authorizations.row(other)))


async def reads(server: Server, documents: CountingDocuments, requestor: str, client: str) -> tuple[int, list[str]]:
    await server.get("/Claim/unknown", client)  # reads the registered client
    before = documents.read
    found = returned(await server.post("/Claim/$inquire", inquiry_bundle(requestor=requestor), client))
    return documents.read - before, [one["id"] for one in found]


@pytest.mark.parametrize(("client", "requestor"), [("ehr-a", REQUESTOR), ("ehr-b", OF_B)])
async def test_authorizations_of_other_organizations_add_no_reads_to_an_inquiry(
    counted: Server, documents: CountingDocuments, client: str, requestor: str
) -> None:
    mine = await submitted(counted)
    before = await reads(counted, documents, requestor, client)
    await others_hold(counted, mine)
    after = await reads(counted, documents, requestor, client)
    assert after == before
    assert after[1] == ([mine] if client == "ehr-a" else [])


async def test_an_inquiry_about_an_unknown_member_needs_as_many_reads(
    counted: Server, documents: CountingDocuments
) -> None:
    await others_hold(counted, await submitted(counted))
    of_member = await reads(counted, documents, OF_B, "ehr-b")
    before = documents.read
    await counted.post("/Claim/$inquire", inquiry_bundle(requestor=OF_B, member="M999"), "ehr-b")
    assert (documents.read - before, []) == of_member


async def test_authorizations_of_other_organizations_add_no_reads_to_a_bill(
    counted: Server, documents: CountingDocuments
) -> None:
    async def bill(name: str) -> int:
        before = documents.read
        body = billing_claim(number=None, control_number=name, lines=[billed_line()], billing_provider=OF_B)
        assert (await counted.post("/Claim/$submit", body, "ehr-b")).status_code == 200
        return documents.read - before

    mine = await submitted(counted)
    await bill("opens the member's record")
    few = await bill("few")
    await others_hold(counted, mine)
    assert await bill("many") == few


async def test_another_organizations_number_needs_the_reads_of_an_unknown_number(
    counted: Server, documents: CountingDocuments
) -> None:
    async def bill(number: str) -> int:
        before = documents.read
        body = billing_claim(number=number, control_number=f"of {number}", billing_provider=OF_B)
        assert (await counted.post("/Claim/$submit", body, "ehr-b")).status_code == 200
        return documents.read - before

    stored = await authorizations.by_id(documents, await submitted(counted))
    assert stored is not None
    assert stored.authorization.number is not None
    await bill("PA260000048")  # opens the member's record
    assert await bill(stored.authorization.number) == await bill("PA260000030")


async def test_the_payers_staff_find_all_authorizations(counted: Server, documents: CountingDocuments) -> None:
    mine = await submitted(counted)
    await others_hold(counted, mine, 3)
    _, of_others = await reads(counted, documents, OF_OTHERS, "reviewer")
    assert len(of_others) == 3
    _, of_another_payer = await reads(counted, documents, OF_OTHERS, "reviewer-2")
    assert of_another_payer == []


async def test_stored_authorizations_are_found_after_a_recomputation_of_their_terms(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    async with serving(tmp_path, documents=documents) as server:
        mine = await submitted(server)
    stored = await authorizations.by_id(documents, mine)
    assert stored is not None
    old = tuple(term for term in stored.document.terms if term[0] == "patient")
    await documents.start(TermTable("of before", lambda row: old if row.kind == authorizations.KIND else row.terms))
    patient = stored.authorization.patient
    assert await authorizations.of_participant(documents, Participant(patient, ("org-a",), (REQUESTOR,))) == []
    await documents.start(TERM_TABLE)
    for asking in (Participant(patient, ("org-a",)), Participant(patient, ("org-b",), (REQUESTOR,))):
        [found] = await authorizations.of_participant(documents, asking)
        assert found.id == mine
    assert await authorizations.of_participant(documents, Participant(patient, ("org-b",), (OF_OTHERS,))) == []
