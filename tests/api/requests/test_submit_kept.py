"""One commit stores this server's own resources and the submission as received."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.adapters.memory import MemoryDocuments
from app.fhir.json import write
from app.ports import Insert, Write
from app.records.audit.seals import SEAL_KIND
from tests.api.reading import SUBMITTED, answered, references, resources, sample
from tests.support.judged import edition_of
from tests.support.samples import patient, request_bundle
from tests.support.server import Server, serving
from tests.support.verdict import verdict


async def test_the_kept_claim_and_response_refer_to_this_server_only(server: Server) -> None:
    response = answered(await server.post("/Claim/$submit", sample("request-approve")))
    kept = (await server.get(f"/ClaimResponse/{response['id']}")).json()
    assert kept["preAuthRef"] == response["preAuthRef"]
    assert kept["item"][0]["adjudication"] == response["item"][0]["adjudication"]
    claim = (await server.get("/" + kept["request"]["reference"])).json()
    assert kept["patient"] == claim["patient"]
    assert claim["id"] != "approve"
    assert claim["item"] == sample("request-approve")["entry"][0]["resource"]["item"]
    for reference in {*references(kept), *references(claim)}:
        found = await server.get("/" + reference)
        assert found.status_code == 200, reference
    assert "ehr.example.org/fhir" not in write(kept)


@pytest.mark.requirement("pas-2.2.1/spec-17")
async def test_later_demographics_do_not_change_a_registered_member(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle(identifier="first"))
    [before] = resources((await server.get("/Patient")).json())
    [card] = resources((await server.get("/Coverage")).json())
    other = request_bundle(identifier="second")
    for entry in other["entry"]:
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] |= {"name": [{"family": "Elsewhere"}], "birthDate": "1999-09-09", "gender": "male"}
    await server.post("/Claim/$submit", other)
    assert resources((await server.get("/Patient")).json()) == [before]
    assert resources((await server.get("/Coverage")).json()) == [card]
    assert before["name"] == patient()["name"]


@pytest.mark.requirement("pas-2.2.1/spec-17")
async def test_equal_urls_do_not_merge_the_patients_of_two_members(server: Server) -> None:
    first = answered(await server.post("/Claim/$submit", request_bundle(member="M001")))
    second = answered(await server.post("/Claim/$submit", request_bundle(member="M002")))
    kept = [(await server.get(f"/ClaimResponse/{one['id']}")).json()["patient"] for one in (first, second)]
    assert kept[0] != kept[1]


@pytest.mark.parametrize("name", SUBMITTED)
@pytest.mark.parametrize("base", ["/fhir", "/2.2.1/fhir", "/2.0.1/fhir"])
async def test_every_answer_and_every_kept_resource_is_valid_fhir(server: Server, name: str, base: str) -> None:
    answer = await server.post("/Claim/$submit", sample(f"request-{name}"), base=base)
    assert verdict(answer.content, edition_of(base + "/")) == ()
    for type_ in ("Claim", "ClaimResponse", "Patient", "Coverage", "Organization"):
        found = await server.get(f"/{type_}", base=base)
        assert resources(found.json())
        assert verdict(found.content, edition_of(base + "/")) == ()


class CountingDocuments(MemoryDocuments):
    """Remembers what was committed."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[tuple[Write, ...]] = []

    async def commit(self, *writes: Write) -> None:
        await super().commit(*writes)
        self.commits.append(writes)


async def test_one_commit_of_ten_rows_and_65_terms_keeps_an_approval(tmp_path: Path) -> None:
    documents = CountingDocuments()
    async with serving(tmp_path, documents=documents) as server:
        await server.post("/Claim/$submit", request_bundle(identifier="registers the member"))
        documents.commits.clear()
        await server.post("/Claim/$submit", request_bundle(identifier="of a known member"))
    inserted = [[write.document for write in commit if isinstance(write, Insert)] for commit in documents.commits]
    [rows] = [of_commit for of_commit in inserted if {row.kind for row in of_commit} != {SEAL_KIND}]
    assert len(rows) <= 10
    assert sum(len(row.terms) for row in rows) <= 65
    assert {row.kind for row in rows} >= {
        "submission",
        "Claim",
        "ClaimResponse",
        "authorization",
        "event",
        "AuditEvent",
    }


@pytest.mark.requirement("pas-2.2.1/spec-26")
async def test_the_server_stores_the_received_text_unchanged(tmp_path: Path) -> None:
    documents = MemoryDocuments()
    text = write(sample("request-approve")).replace('"value":12', '"value": 12.0')
    async with serving(tmp_path, documents=documents) as server:
        response = answered(await server.post("/Claim/$submit", text))
        kept = await documents.get("submission", response["id"])
        assert kept is not None
        assert kept.body == text
