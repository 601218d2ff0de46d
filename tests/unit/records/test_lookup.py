"""Claims by the identifier of their Patient: by reference to the payer's own, and by an identifier in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.access.grant import Grant, Role
from app.access.reach import OWNER, reach_of
from app.adapters.memory import MemoryDocuments
from app.adapters.sqlite.store import SqliteDocuments
from app.ports import Documents, Insert
from app.records.kinds import TERM_TABLE
from app.records.resources import row, search
from app.search.parameters import parse_search

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CLINIC = reach_of(Grant("ehr", Role.PROVIDER, organizations=("clinic",)))


def claim(id_: str, patient: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Claim", "id": id_, "patient": patient}


def patient(id_: str, system: str, value: str) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": id_, "identifier": [{"system": system, "value": value}]}


RESOURCES = (
    patient("p1", "urn:x", "1"),
    patient("p2", "urn:xy", "1"),
    claim("referred", {"reference": "Patient/p1"}),
    claim("named", {"identifier": {"system": "urn:x", "value": "1"}}),
    claim("both", {"reference": "Patient/p1", "identifier": {"system": "urn:x", "value": "9"}}),
    claim("other", {"reference": "Patient/p2"}),
    claim("longer", {"reference": "Patient/p11"}),
    claim("elsewhere", {"identifier": {"system": "urn:xy", "value": "1"}}),
)


@pytest.mark.parametrize("store", ["memory", "sqlite"])
@pytest.mark.parametrize(
    ("name", "token", "expected"),
    [
        ("patient:identifier", "urn:x|1", {"referred", "named", "both"}),
        ("patient:identifier", "urn:x|9", {"both"}),
        ("patient:identifier", "1", {"referred", "named", "both", "other", "elsewhere"}),
        ("patient:identifier", "urn:x|", {"referred", "named", "both"}),
        ("patient:identifier", "urn:x|1,urn:xy|1", {"referred", "named", "both", "other", "elsewhere"}),
        ("patient:identifier", "urn:none|", set()),
        ("patient.identifier", "urn:x|1", {"referred", "both"}),
        ("patient.identifier", "urn:x|9", set()),
        ("patient.identifier", "1", {"referred", "both", "other"}),
        ("patient.identifier", "urn:x|", {"referred", "both"}),
        ("patient", "Patient/p1", {"referred", "both"}),
    ],
)
async def test_a_claim_is_found_by_the_identifier_of_its_patient(
    tmp_path: Path, store: str, name: str, token: str, expected: set[str]
) -> None:
    documents: Documents = MemoryDocuments() if store == "memory" else SqliteDocuments(tmp_path / "preauth.db")
    await documents.start(TERM_TABLE)
    await documents.commit(*(Insert(row(one, access=((OWNER, "clinic"),), now=NOW)) for one in RESOURCES))
    asked = parse_search("Claim", [(name, token)], base_url="https://payer.example.org/fhir", lenient=False)
    found = await search(documents, CLINIC, asked)
    await documents.close()
    assert {document.id for document in found.documents} == expected
