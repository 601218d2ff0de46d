"""An ExplanationOfBenefit has the Claim of its time. A few versions of the Claim are read to find it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.adapters.memory import MemoryDocuments
from app.fhir.json import stored, write
from app.ports import Document, Insert
from app.records.kinds import history
from app.records.resources import past_id
from app.records.views.benefits import benefits_of

VERSIONS = 64


class Counting(MemoryDocuments):
    """Count the documents of earlier versions that are read."""

    read = 0

    async def get(self, kind: str, id_: str) -> Document | None:
        self.read += kind == history("Claim")
        return await super().get(kind, id_)

    async def get_many(self, kind: str, ids: Sequence[str]) -> list[Document]:
        self.read += len(ids) if kind == history("Claim") else 0
        return await super().get_many(kind, ids)


def moment(version: int) -> str:
    return f"2026-01-01T00:{version:02}:00.000000Z"


def claim(version: int) -> Document:
    body = {
        "resourceType": "Claim",
        "id": "c",
        "meta": {"versionId": str(version)},
        "item": [{"sequence": 1, "productOrService": {"text": f"as of version {version}"}}],
    }
    return Document("Claim", "c", write(body), (("patient", "p"),), moment(1), moment(version))


def response(at: str) -> Document:
    body = {
        "resourceType": "ClaimResponse",
        "id": "r",
        "meta": {"versionId": "1"},
        "use": "preauthorization",
        "status": "active",
        "type": {"text": "professional"},
        "patient": {"reference": "Patient/p"},
        "created": "2026-01-01",
        "insurer": {"reference": "Organization/i"},
        "request": {"reference": "Claim/c"},
        "outcome": "complete",
        "item": [{"itemSequence": 1, "adjudication": []}],
    }
    return Document("ClaimResponse", "r", write(body), (), at, at)


async def versions() -> Counting:
    documents = Counting()
    past = [claim(number) for number in range(1, VERSIONS)]
    rows = [
        Document(
            history("Claim"), past_id("c", number), document.body, document.terms, document.created, moment(number)
        )
        for number, document in enumerate(past, 1)
    ]
    await documents.commit(*map(Insert, [*rows, claim(VERSIONS)]))
    return documents


@pytest.mark.parametrize("number", [1, 2, 31, 32, 33, 63, 64])
async def test_a_version_is_found_among_many_in_a_few_reads(number: int) -> None:
    documents = await versions()
    made = await benefits_of(documents, [response(moment(number))], 10_000_000)
    [benefit] = made.documents
    assert stored(benefit.body)["item"][0]["productOrService"]["text"] == f"as of version {number}"
    assert documents.read <= 8
