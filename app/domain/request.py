"""A prior authorization request as the business sees it: what a Bundle says, without FHIR's shapes.

Its values, and those of the answer, are Structs: a request makes a hundred of them, each in a tenth of the time that a
frozen dataclass takes. They are varied by `msgspec.structs.replace`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct


class Coding(Struct, frozen=True):
    """A code and the system it is from; `display` is what the sender called it, never shown as ours."""

    system: str
    code: str
    display: str | None = None


class Identifier(Struct, frozen=True):
    """A number somebody gave to something."""

    system: str
    value: str


class Period(Struct, frozen=True):
    """Calendar days, both ends included; None is open."""

    start: date | None = None
    end: date | None = None


class Party(Struct, frozen=True):
    """An organization or a practitioner as named in a Bundle. `npi` and `tax_id` are taken out of `identifiers`."""

    identifiers: tuple[Identifier, ...] = ()
    npi: str | None = None
    tax_id: str | None = None
    name: str | None = None


class Member(Struct, frozen=True):
    """The patient as the payer's member. `member_id` is what the Patient or, failing that, the Coverage carries."""

    member_id: str
    family: str | None = None
    given: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    plans: tuple[str, ...] = ()


class RequestedItem(Struct, frozen=True):
    """One service asked for.

    `services` are the codes of the item and, behind them, of the requested ServiceRequest, DeviceRequest or
    MedicationRequest; `requested_service` is that resource's type. `service_types` is the X12 1365 category; `quantity`
    is None where none is given anywhere; `providers` are the NPIs of the care team that performs it; `diagnoses` are
    the line's, or else all of the request's. `cancelled` is an item that the sender no longer asks for.
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
    """What a provider asks a payer to authorize.

    `documents` are the codes of what is attached (document type and report type); `related` is the reference to the
    preceding Claim of an update; `urgency` is the X12 1338 level of service, or the processpriority code.
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
