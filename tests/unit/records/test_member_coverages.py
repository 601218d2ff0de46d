"""The coverages in a member's record."""

from __future__ import annotations

from datetime import date

import msgspec

from app.adapters.memory import MemoryDocuments
from app.domain.covered import CoverageTerms
from app.domain.datatypes import Period
from app.domain.member.identity import Person
from app.ports import Document, Insert
from app.records.members import MemberRecord, StoredMember, person_of, terms_of, with_coverages

COVERAGE = {"resourceType": "Coverage", "id": "c1", "status": "active", "order": 1, "period": {"end": "2026-12"}}
TERMS = CoverageTerms("c1", period=Period(None, date(2026, 12, 31)), order=1)
ROW = Document("member", "payer|M001", "{}")


def test_the_terms_are_those_of_the_coverage() -> None:
    assert terms_of(COVERAGE) == TERMS


def test_a_coverage_takes_the_place_of_its_former_terms() -> None:
    other = CoverageTerms("c2")
    record = MemberRecord("payer", "M001", "p1", coverages=(CoverageTerms("c1"), other))
    changed = record.with_coverage(TERMS)
    assert (changed.coverages, changed.coverage) == ((other, TERMS), "c1")


async def test_an_older_record_gets_the_coverage_that_it_names() -> None:
    documents = MemoryDocuments()
    await documents.commit(Insert(Document("Coverage", "c1", msgspec.json.encode(COVERAGE).decode())))
    older = StoredMember(MemberRecord("payer", "M001", "p1", coverage="c1"), ROW)
    assert (await with_coverages(documents, older)).record.coverages == (TERMS,)
    nothing = StoredMember(MemberRecord("payer", "M001", "p1"), ROW)
    assert (await with_coverages(documents, nothing)).record.coverages == ()


def test_a_person_has_the_current_names_and_the_last_day_of_life() -> None:
    patient = {
        "name": [{"use": "old", "family": "Baxter"}, {"family": "Shaw"}],
        "gender": "female",
        "active": False,
        "deceasedDateTime": "2026-11",
    }
    expected = Person(("Shaw",), None, "female", active=False, deceased=date(2026, 11, 30))
    assert person_of(patient, date(2026, 12, 1)) == expected
    assert person_of({"deceasedBoolean": True}, date(2026, 12, 1)).deceased == date.min
