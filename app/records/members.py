"""The payer's members: by member id, the person on record and the Patient and Coverage served for it.

These reads are the payer's own: no interaction serves them, and no Reach limits them. Callers see a member only as its
Patient and its Coverage, which are read within the caller's Reach.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec

from app.domain.member.identity import Contradicted, Person
from app.fhir.element import Element
from app.fhir.instants import day
from app.fhir.issues import Issues
from app.pas.parts.read_member import current_names, families, patient_number
from app.ports import AnyOf, Delete, Document, Documents, Insert, Lookup, Query, Replace

KIND = "member"
UNKNOWN = Person()


class MemberRecord(msgspec.Struct, frozen=True):
    """A member of a payer.

    `owners` are the organizations that may see the Patient and the Coverage. One of them registered the member; the
    others have proved that they know the member: they sent all demographics on record (`person`, which follows the
    Patient). `contradicted` counts today's contradictions of the record, by client.
    """

    payer: str
    member_id: str
    patient: str
    coverage: str = ""
    owners: tuple[str, ...] = ()
    person: Person = UNKNOWN
    contradicted: tuple[Contradicted, ...] = ()


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
    """Return the demographics of a payer's Patient; a birth date without a day counts as unknown."""
    names = current_names(Element(patient, Issues(), "Patient"), today)
    return Person(families(names), day(patient.get("birthDate", "")))


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
