"""A prior authorization request without FHIR's shapes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.covered import CoverageTerms
from app.domain.datatypes import Coding, Identifier, MemberNumber
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.statements import Statements, Stay
from app.domain.parts.transmission import Department, Transmission
from app.domain.service_line import ServiceLine


class Party(Struct, frozen=True):
    """An organization or a practitioner in a Bundle. `npi` and `tax_id` come from its `identifiers`."""

    identifiers: tuple[Identifier, ...] = ()
    npi: str | None = None
    tax_id: str | None = None
    name: str | None = None


class Member(Struct, frozen=True):
    """The patient as the payer's member.

    `member_id`: the likeliest of `numbers` without knowledge of the payer's systems.
    `families`: the current family names. `subscriber`: the patient is the subscriber of the coverage.
    `coverage`, `active`, `deceased`: as sent. They count only if the payer accepted the member unknown.
    """

    member_id: str
    families: tuple[str, ...] = ()
    given: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    numbers: tuple[MemberNumber, ...] = ()
    subscriber: bool = False
    active: bool = True
    deceased: date | None = None
    coverage: CoverageTerms | None = None


class RequestedItem(ServiceLine, frozen=True, kw_only=True):
    """A requested service line.

    `service_types`: the X12 1365 categories.
    `assisting`: the NPIs of the care team who do not perform the service, such as a supervisor.
    `cancelled`: True if the submitter withdrew the item.
    `type`: the type of its review, which follows from the item and the day of receipt.
    `statements`: statements that the answer repeats.
    """

    service_types: tuple[Coding, ...] = ()
    unit_price: Decimal | None = None
    request_type: str | None = None
    certification_type: str | None = None
    trace_numbers: tuple[Identifier, ...] = ()
    assisting: tuple[str, ...] = ()
    cancelled: bool = False
    type: AuthorizationType = AuthorizationType.PRIOR
    statements: Statements = Statements()


class PriorClaim(Struct, frozen=True):
    """The Claim that an update follows: the URL of the reference to it, and its identifiers.

    `numbers`: the payer's numbers that the update itself gives, as typed.
    `services`: the sequence and the first service code of its items.
    """

    url: str
    identifiers: tuple[Identifier, ...] = ()
    numbers: tuple[str, ...] = ()
    services: frozenset[tuple[int, str]] = frozenset()


class AuthorizationRequest(Struct, frozen=True):
    """A prior authorization request.

    `documents`: the codes of the attached documents (document type and report type).
    `control_numbers`: the numbers of documents that the submitter sends apart.
    `drugs`: the codes of drugs that the patient has had before, by attached prescriptions.
    `prior`: for an update, the preceding Claim.
    `cancelled`: True if the submitter withdrew the whole request.
    `claim_url`: the fullUrl of its Claim.
    `sender_ids`: the interchange sender ids of its transmission identifiers.
    `transmission`, `department`, `stay`: identifiers and days that the answer repeats.
    `numbers`: the payer's numbers of earlier requests that the request and its items give, as typed.
    `urgency`: the X12 1338 level of service, or the processpriority code.
    """

    identifier: Identifier
    claim_type: Coding
    member: Member
    insurer: Party
    requestor: Party
    created: date
    items: tuple[RequestedItem, ...]
    diagnoses: tuple[Coding, ...] = ()
    urgency: str | None = None
    documents: tuple[Coding, ...] = ()
    has_documents: bool = False
    drugs: tuple[Coding, ...] = ()
    control_numbers: tuple[str, ...] = ()
    prior: PriorClaim | None = None
    numbers: tuple[str, ...] = ()
    sender_ids: tuple[str, ...] = ()
    cancelled: bool = False
    claim_url: str = ""
    transmission: Transmission | None = None
    department: Department | None = None
    stay: Stay | None = None
