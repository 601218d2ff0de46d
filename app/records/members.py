"""The payer's members: by member id, the person on record and the Patient and Coverage served for it.

These reads are the payer's own: no interaction serves them, and no Reach limits them. Callers see a member only as its
Patient and its Coverage, which are read within the caller's Reach.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec

from app.domain.covered import CoverageTerms
from app.domain.member.identity import Contradicted, Person
from app.fhir.element import Element
from app.fhir.instants import day
from app.fhir.issues import Issues
from app.pas.parts.read_member import coverage_terms, current_names, deceased, families, patient_number
from app.ports import AnyOf, Delete, Document, Documents, Insert, Lookup, Query, Replace

KIND = "member"
UNKNOWN = Person()


class MemberRecord(msgspec.Struct, frozen=True):
    """A member of a payer.

    `owners` are the organizations that may see the Patient and the Coverage. One of them registered the member; the
    others have proved that they know the member: they sent all demographics on record (`person`, which follows the
    Patient). `contradicted` counts today's contradictions of the record, by client.

    `coverages` follow the Coverages that the payer stores; None in a record of version 0.1.0, which has none.
    `assumed` are the terms in the first request of a member accepted unknown. `coverage` is the Coverage to refer to.
    """

    payer: str
    member_id: str
    patient: str
    coverage: str = ""
    owners: tuple[str, ...] = ()
    person: Person = UNKNOWN
    contradicted: tuple[Contradicted, ...] = ()
    coverages: tuple[CoverageTerms, ...] | None = None
    assumed: CoverageTerms | None = None

    def with_coverage(self, terms: CoverageTerms) -> MemberRecord:
        """Return the record with a coverage that the payer stored, in place of its former terms."""
        others = tuple(coverage for coverage in self.coverages or () if coverage.id != terms.id)
        return msgspec.structs.replace(self, coverage=terms.id, coverages=(*others, terms))


class StoredMember(msgspec.Struct, frozen=True):
    """A member as read, with the document it was read from."""

    record: MemberRecord
    document: Document


_decoder = msgspec.json.Decoder(MemberRecord)
_encoder = msgspec.json.Encoder()


def member_insert(record: MemberRecord) -> Insert:
    """Register a member; the same member id under the same payer conflicts."""
    return Insert(_row(record))


def member_replace(stored: StoredMember, record: MemberRecord) -> Replace:
    """Replace the member's record; conflicts unless the store still has the version that was read."""
    return Replace(msgspec.structs.replace(_row(record), version=stored.document.version))


def member_delete(stored: StoredMember) -> Delete:
    """Remove the member id from the register; it is unknown from then on."""
    return Delete(KIND, stored.document.id, stored.document.version)


async def find_member(documents: Lookup, payer: str, member_id: str) -> StoredMember | None:
    """Find the payer's member with that member id."""
    document = await documents.get(KIND, _key(payer, member_id))
    return None if document is None else _stored(document)


async def is_number_of(documents: Lookup, payer: str, member_id: str, patient: str) -> bool:
    """Return whether the payer has its Patient under that member id."""
    member = await find_member(documents, payer, member_id)
    return member is not None and member.record.patient == patient != ""


async def find_members(documents: Documents, payer: str, member_ids: Sequence[str]) -> list[StoredMember]:
    """Find the payer's members with these member ids."""
    if len(member_ids) == 1:
        only = await find_member(documents, payer, member_ids[0])
        return [] if only is None else [only]
    keys = [_key(payer, member_id) for member_id in member_ids]
    return list(map(_stored, await documents.get_many(KIND, keys))) if keys else []


async def member_of_patient(documents: Documents, payer: str, patient: str) -> StoredMember | None:
    """Find the payer's member whose Patient has this id."""
    matches = await documents.find(Query(KIND, (AnyOf("patient", (patient,)), AnyOf("payer", (payer,))), limit=1))
    return None if not matches else _stored(matches[0])


def member_id_of(patient: dict[str, Any], today: date, systems: Collection[str] = ()) -> str | None:
    """Return the member id of a checked Patient: its current identifier of type MB, best in a system of the payer."""
    return patient_number(Element(patient, Issues(), "Patient"), today, systems)


def person_of(patient: dict[str, Any], today: date) -> Person:
    """Return what a payer's Patient says of the member; a birth date without a day counts as unknown."""
    element = Element(patient, Issues(), "Patient")
    return Person(
        families=families(current_names(element, today)),
        birth_date=day(patient.get("birthDate", "")),
        gender=patient.get("gender"),
        active=patient.get("active") is not False,
        deceased=deceased(element),
    )


def terms_of(coverage: dict[str, Any]) -> CoverageTerms:
    """Return the terms of a payer's Coverage."""
    terms = coverage_terms(Element(coverage, Issues(), "Coverage"))
    return msgspec.structs.replace(terms, id=coverage["id"])


async def with_coverages(documents: Documents, stored: StoredMember) -> StoredMember:
    """Return the member with its coverages. A record of version 0.1.0 gets that of its Coverage."""
    record = stored.record
    if record.coverages is not None:
        return stored
    document = await documents.get("Coverage", record.coverage) if record.coverage else None
    terms = () if document is None else (terms_of(msgspec.json.decode(document.body)),)
    return StoredMember(msgspec.structs.replace(record, coverages=terms), stored.document)


def _stored(document: Document) -> StoredMember:
    return StoredMember(_decoder.decode(document.body), document)


def _key(payer: str, member_id: str) -> str:
    """Return the key of a member; the same member id under two payers means two members."""
    return f"{payer}|{member_id}"


def _row(record: MemberRecord) -> Document:
    return Document(
        KIND,
        _key(record.payer, record.member_id),
        _encoder.encode(record).decode(),
        (("patient", record.patient), ("payer", record.payer)),
    )
