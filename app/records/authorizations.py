"""The payer's authorization records: found by id, by number, by the member's Patient and by participant.

These reads are the payer's own: no interaction serves them, and no Reach limits them. A workflow must answer only from
authorizations in which the caller takes part or which the caller's Reach includes.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Replace, Term
from app.records.scan import scan
from app.records.upgrade import read_authorization

KIND = "authorization"
NUMBER_KIND = "number"
UNSCHEDULED = ("unscheduled", "yes")
"""The term that an authorization gets when a store opens under a new term table, until a row waits for its acts."""

OWNER = "patient-owner"
PROVIDER = "patient-provider"
CONTROL_NUMBER = "control-number"

_encoder = msgspec.json.Encoder()


class Stored(Struct, frozen=True):
    """An authorization as read, with the document it was read from (its version guards the next write)."""

    authorization: Authorization
    document: Document


class Participant(Struct, frozen=True):
    """A caller that asks about a payer's Patient: its organizations, and the NPIs that its client has proved."""

    patient: str
    owners: tuple[str, ...]
    npis: tuple[str, ...] = ()

    @property
    def as_owner(self) -> list[Term]:
        """The terms of the authorizations that one of the organizations submitted."""
        return [(OWNER, f"{self.patient}|{owner}") for owner in self.owners]

    @property
    def as_provider(self) -> list[Term]:
        """The terms of the authorizations that one of the providers requested or performs."""
        return [(PROVIDER, f"{self.patient}|{npi}") for npi in self.npis]

    def takes_part(self, document: Document) -> bool:
        """Return whether one of the organizations or of the providers takes part in the stored authorization."""
        return not {*self.as_owner, *self.as_provider}.isdisjoint(document.terms)


def row(authorization: Authorization) -> Document:
    """Return the document of an authorization."""
    return Document(
        KIND,
        authorization.id,
        _encoder.encode(authorization).decode(),
        terms_of(authorization),
        sortable(authorization.created),
        sortable(authorization.updated),
    )


def terms_of(authorization: Authorization) -> tuple[Term, ...]:
    """Return the terms of an authorization: the payer's Patient, and each participant together with that Patient.

    The Patient stays the same when a member gets a new member id. A participant's term also names the Patient, so that
    a lookup reads no authorization of another participant.
    """
    patient = authorization.patient
    if not patient:
        return ()
    participants = Participant(patient, (authorization.owner,), tuple(sorted(authorization.npis)))
    announced = ((CONTROL_NUMBER, f"{authorization.owner}|{number}") for number in authorization.control_numbers)
    return (("patient", patient), *participants.as_owner, *participants.as_provider, *announced)


def recomputed_terms(document: Document) -> tuple[Term, ...]:
    """Compute the terms of a stored authorization again, for a new term table; the acts may be other ones now."""
    return (*terms_of(read_authorization(document.body)), UNSCHEDULED)


def authorization_insert(authorization: Authorization) -> Insert:
    """Write the record of a new request."""
    return Insert(row(authorization))


def authorization_replace(stored: Stored, authorization: Authorization) -> Replace:
    """Replace the record; conflicts unless the store still has the version that was read."""
    return Replace(replace(row(authorization), version=stored.document.version))


def number_insert(payer: str, number: str, authorization_id: str) -> Insert:
    """Reserve a canonical number for an authorization; a second reservation under the same payer conflicts."""
    return Insert(Document(NUMBER_KIND, f"{payer}|{number}", authorization_id))


async def holder_of(documents: Documents, payer: str, number: str) -> str | None:
    """Return the id of the payer's authorization with `number` (as typed); None if the number is free."""
    reserved = await documents.get(NUMBER_KIND, f"{payer}|{canonical(number)}")
    return None if reserved is None else reserved.body


async def by_id(documents: Documents, authorization_id: str) -> Stored | None:
    """Read one authorization."""
    document = await documents.get(KIND, authorization_id)
    return None if document is None else Stored(read_authorization(document.body), document)


async def by_ids(documents: Documents, ids: Sequence[str]) -> list[Authorization]:
    """Read authorizations, in the order of `ids`."""
    stored = await documents.get_many(KIND, ids) if ids else []
    return [read_authorization(document.body) for document in stored]


class Served(Struct, frozen=True):
    """The served resources of an authorization; None while they are not stored yet.

    `task` is None if no item of the request was ever pended.
    """

    claim: Document | None = None
    response: Document | None = None
    task: Document | None = None


async def served_of(documents: Documents, authorization: Authorization) -> Served:
    """Read the Claim, the ClaimResponse and the Task, to write their next versions."""
    claim = await documents.get("Claim", authorization.claim)
    response = await documents.get("ClaimResponse", authorization.id)
    return Served(claim, response, await documents.get("Task", authorization.id))


async def by_number(documents: Documents, payer: str, number: str, participant: Participant) -> Stored | None:
    """Read the payer's authorization with `number` (as typed), if the participant takes part in it.

    An unknown number costs the same reads as the number of other participants, so that their times do not differ.
    """
    reserved = await documents.get(NUMBER_KIND, f"{payer}|{canonical(number)}")
    document = await documents.get(KIND, canonical(number) if reserved is None else reserved.body)
    if document is None or not participant.takes_part(document):
        return None
    return Stored(read_authorization(document.body), document)


async def of_owner(documents: Documents, payer: str, number: str, owner: str) -> Stored | None:
    """Read the payer's authorization with a canonical number, if the organization submitted it.

    An unknown number costs the same reads as the number of another organization.
    """
    reserved = await documents.get(NUMBER_KIND, f"{payer}|{number}")
    stored = await by_id(documents, number if reserved is None else reserved.body)
    return stored if stored is not None and stored.authorization.owner == owner else None


async def with_control_number(documents: Documents, owner: str, number: str) -> list[Stored]:
    """Read the authorizations whose request announced a document under this number, oldest first."""
    rows = await scan(documents, KIND, AnyOf(CONTROL_NUMBER, (f"{owner}|{number}",)))
    return [Stored(read_authorization(row.body), row) for row in rows]


async def of_patient(documents: Documents, patient: str) -> list[Authorization]:
    """Read all authorizations of a payer's Patient, of all submitters, oldest first."""
    return [stored.authorization for stored in await _all(documents, AnyOf("patient", (patient,)))]


async def of_participant(documents: Documents, participant: Participant) -> list[Authorization]:
    """Read the authorizations in which the participant takes part, oldest first. No other authorization is read."""
    return [stored.authorization for stored in await stored_of_participant(documents, participant)]


async def stored_of_participant(documents: Documents, participant: Participant) -> list[Stored]:
    """Read the same authorizations as `of_participant`, each with its document."""
    submitted = await _all(documents, AnyOf(OWNER, tuple(value for _, value in participant.as_owner)))
    provided = await _all(documents, AnyOf(PROVIDER, tuple(value for _, value in participant.as_provider)))
    unique = {stored.authorization.id: stored for stored in (*submitted, *provided)}
    return sorted(unique.values(), key=lambda stored: (stored.authorization.created, stored.authorization.id))


async def _all(documents: Documents, condition: AnyOf) -> list[Stored]:
    found = await scan(documents, KIND, condition)
    return [Stored(read_authorization(document.body), document) for document in found]
