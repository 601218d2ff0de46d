"""The payer's members: who a member id stands for, and the Patient and Coverage served for it.

These are the payer's own reads: no interaction serves them, and no reach bounds them. What a workflow tells of a member
goes through the Patient and the Coverage, which are read by the caller's Reach.
"""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.identity import Contradicted, Person
from app.fhir.instants import day
from app.ports import AnyOf, Delete, Document, Documents, Insert, Lookup, Query, Replace

KIND = "member"
UNKNOWN = Person()


class MemberRecord(msgspec.Struct, frozen=True):
    """A member of a payer.

    `owners` are the organizations that may see the Patient and the Coverage: the one that registered the member, and
    those that have since said of the member all that `person`, which follows the Patient, has. `contradicted` counts
    who contradicted it today.
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
    """Write the member's record over the version that was read."""
    return Replace(msgspec.structs.replace(_row(record), version=stored.document.version))


def member_delete(stored: StoredMember) -> Delete:
    """Take the member id off the register; whoever asks by it is unknown from then on."""
    return Delete(KIND, stored.document.id, stored.document.version)


async def find_member(documents: Lookup, payer: str, member_id: str) -> StoredMember | None:
    """Look a member id up under a payer."""
    document = await documents.get(KIND, _key(payer, member_id))
    return None if document is None else StoredMember(_decoder.decode(document.body), document)


async def member_of_patient(documents: Documents, payer: str, patient: str) -> StoredMember | None:
    """Find the member that a payer's Patient stands for."""
    found = await documents.find(Query(KIND, (AnyOf("patient", (patient,)), AnyOf("payer", (payer,))), limit=1))
    return None if not found else StoredMember(_decoder.decode(found[0].body), found[0])


def member_id_of(patient: dict[str, Any]) -> str | None:
    """Return the member id that a Patient carries: its identifier of type MB."""
    for identifier in patient.get("identifier", ()):
        codings = identifier.get("type", {}).get("coding", ())
        if any(coding.get("code") == "MB" for coding in codings) and identifier.get("value"):
            return str(identifier["value"])
    return None


def person_of(patient: dict[str, Any]) -> Person:
    """Return who a payer's Patient is; a birth date of which only the year or the month is known is not known."""
    families = (name.get("family") for name in patient.get("name", ()))
    return Person(tuple(family for family in families if family), day(patient.get("birthDate", "")))


def _key(payer: str, member_id: str) -> str:
    """Name a member under a payer; the same member id under two payers is two members."""
    return f"{payer}|{member_id}"


def _row(record: MemberRecord) -> Document:
    return Document(
        KIND,
        _key(record.payer, record.member_id),
        _encoder.encode(record).decode(),
        (("patient", record.patient), ("payer", record.payer)),
    )
