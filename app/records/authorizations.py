"""The payer's records of what it answered, found by id, by number and by the member's Patient.

These are the payer's own reads: no interaction serves them, and no reach bounds them. A workflow answers from them only
what the caller takes part in, or what the caller's Reach has shown to be the caller's.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.domain.authorization import Authorization
from app.domain.authorization_number import canonical
from app.fhir.instants import sortable
from app.ports import AnyOf, Document, Documents, Insert, Replace, Term
from app.records.scan import scan

KIND = "authorization"
NUMBER_KIND = "number"
OWNER = "patient-owner"
PROVIDER = "patient-provider"

_decoder = msgspec.json.Decoder(Authorization)
_encoder = msgspec.json.Encoder()


class Stored(Struct, frozen=True):
    """An authorization as read, with the document it was read from (its version guards the next write)."""

    authorization: Authorization
    document: Document


class Participant(Struct, frozen=True):
    """Who asks about a payer's Patient: the organization `owner`, and the provider numbers that its client proves."""

    patient: str
    owner: str
    npis: tuple[str, ...] = ()

    @property
    def as_owner(self) -> Term:
        """The term of the authorizations that the organization submitted."""
        return OWNER, f"{self.patient}|{self.owner}"

    @property
    def as_provider(self) -> list[Term]:
        """The terms of the authorizations that one of the providers ordered or performs."""
        return [(PROVIDER, f"{self.patient}|{npi}") for npi in self.npis]

    def takes_part(self, document: Document) -> bool:
        """Whether the stored authorization is one of the organization's or of the providers'."""
        return not {self.as_owner, *self.as_provider}.isdisjoint(document.terms)


def row(authorization: Authorization) -> Document:
    """Make the document of an authorization."""
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

    The Patient stays when a member is renumbered. A participant's term names both, so that a lookup by it never passes
    over what others hold about the same member.
    """
    patient = authorization.patient
    if not patient:
        return ()
    own = Participant(patient, authorization.owner, tuple(sorted(authorization.npis)))
    return (("patient", patient), own.as_owner, *own.as_provider)


def terms_again(document: Document) -> tuple[Term, ...]:
    """Return the terms of an authorization that was stored with others."""
    return terms_of(_decoder.decode(document.body))


def authorization_insert(authorization: Authorization) -> Insert:
    """Write the record of a new request."""
    return Insert(row(authorization))


def authorization_replace(stored: Stored, authorization: Authorization) -> Replace:
    """Write the record over the version that was read, or conflict."""
    return Replace(replace(row(authorization), version=stored.document.version))


def number_insert(payer: str, number: str, authorization_id: str) -> Insert:
    """Claim a number for an authorization; a second claim of the same number under the payer conflicts."""
    return Insert(Document(NUMBER_KIND, f"{payer}|{number}", authorization_id))


async def by_id(documents: Documents, authorization_id: str) -> Stored | None:
    """Read one authorization."""
    document = await documents.get(KIND, authorization_id)
    return None if document is None else Stored(_decoder.decode(document.body), document)


async def by_number(documents: Documents, payer: str, number: str, asking: Participant) -> Stored | None:
    """Read the authorization that carries `number` (as typed) under `payer`, if `asking` takes part in it.

    A number that nobody has takes the same reads as another's number, so that the time tells neither from the other.
    """
    entry = await documents.get(NUMBER_KIND, f"{payer}|{canonical(number)}")
    document = await documents.get(KIND, canonical(number) if entry is None else entry.body)
    if document is None or not asking.takes_part(document):
        return None
    return Stored(_decoder.decode(document.body), document)


async def of_patient(documents: Documents, patient: str) -> list[Authorization]:
    """Read all authorizations of a payer's Patient, oldest first, whoever asked for them."""
    return await _all(documents, AnyOf("patient", (patient,)))


async def of_participant(documents: Documents, asking: Participant) -> list[Authorization]:
    """Read the authorizations that `asking` takes part in, oldest first; what others hold is not read."""
    own = await _all(documents, AnyOf(OWNER, (asking.as_owner[1],)))
    shared = await _all(documents, AnyOf(PROVIDER, tuple(value for _, value in asking.as_provider)))
    once = {authorization.id: authorization for authorization in (*own, *shared)}
    return sorted(once.values(), key=lambda authorization: (authorization.created, authorization.id))


async def _all(documents: Documents, condition: AnyOf) -> list[Authorization]:
    return [_decoder.decode(document.body) for document in await scan(documents, KIND, condition)]
