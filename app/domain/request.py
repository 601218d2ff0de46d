"""A prior authorization request without FHIR's shapes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Coding(Struct, frozen=True):
    """A code and its system. `display` is the submitter's text for the code; no answer presents it as ours."""

    system: str
    code: str
    display: str | None = None


class Identifier(Struct, frozen=True):
    """A number, and the system that issued it."""

    system: str
    value: str


class Period(Struct, frozen=True):
    """Calendar days from `start` to `end`, both included. None means open."""

    start: date | None = None
    end: date | None = None


class Party(Struct, frozen=True):
    """An organization or a practitioner in a Bundle. `npi` and `tax_id` come from its `identifiers`."""

    identifiers: tuple[Identifier, ...] = ()
    npi: str | None = None
    tax_id: str | None = None
    name: str | None = None


class Member(Struct, frozen=True):
    """The patient as the payer's member. `member_id` comes from the Patient, or else from the Coverage."""

    member_id: str
    family: str | None = None
    given: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    plans: tuple[str, ...] = ()


class RequestedItem(Struct, frozen=True):
    """One requested service.

    `services`: the codes of the item, then those of its ServiceRequest, DeviceRequest or MedicationRequest.
    `requested_service`: the type of that resource.
    `service_types`: the X12 1365 categories.
    `quantity`: None if neither the item nor that resource has one.
    `providers`: the NPIs of the performing care team.
    `diagnoses`: the diagnoses of the item, or else all of the request's.
    `cancelled`: True if the submitter withdrew the item.
    """

    sequence: int
    services: tuple[Coding, ...]
    service_end: Coding | None = None
    service_types: tuple[Coding, ...] = ()
    modifiers: tuple[str, ...] = ()
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    diagnoses: tuple[Coding, ...] = ()
    place: Coding | None = None
    serviced: Period | None = None
    request_type: str | None = None
    certification_type: str | None = None
    requested_service: str | None = None
    providers: tuple[str, ...] = ()
    trace_numbers: tuple[Identifier, ...] = ()
    cancelled: bool = False


class AuthorizationRequest(Struct, frozen=True):
    """A prior authorization request.

    `documents`: the codes of the attached documents (document type and report type).
    `related`: for an update, the reference to the preceding Claim.
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
    related: str | None = None
