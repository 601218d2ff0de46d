"""The rows of the scenarios. An unknown key or a code without quotes is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A mapping of a file of scenarios."""


class Clinic(Row, frozen=True):
    npi: str
    tin: str | None = None


class Who(Row, frozen=True):
    payers: dict[str, str]
    clinics: dict[str, Clinic]
    providers: dict[str, str]
    facilities: dict[str, str]


class Service(Row, frozen=True):
    """A service with its circumstances. The place `any` means that the place is omitted.

    A service that starts with a letter is of HCPCS level II, else of CPT, unless `system` names the other one. The
    service `none` means that the line has only a revenue code.
    """

    service: str
    units: Decimal
    unit: str | None = None
    modifiers: tuple[str, ...] = ()
    place: str = "11"
    diagnosis: str = "M54.50"
    revenue: str | None = None
    system: Literal["cpt", "hcpcs"] | None = None


class Asked(Service, frozen=True, kw_only=True):
    """An item of a request. `answer` is the review action; `granted` are the granted units, from `from_` to `to`.

    `saw` are the facts of the line that the review looked at. `kind` is the X12 code of the type of request.
    """

    saw: str

    answer: str = "A1"
    granted: Decimal | None = None
    up_to: str | None = None
    from_: date | None = msgspec.field(name="from", default=None)
    to: date | None = None
    kind: str = "HS"


class Request(Row, frozen=True):
    items: tuple[Asked, ...]
    member: str = "M001"
    payer: str = "P1"
    clinic: str = "T1"
    providers: tuple[str, ...] = ("A",)
    facility: str | None = None
    type: Literal["professional", "institutional"] = "professional"
    appeals: str | None = None


class Line(Service, frozen=True, kw_only=True):
    """A claim line. The service is on the day `on`, or from `on` to `to`.

    `change` has FHIR elements of the line that replace the usual ones.
    """

    on: date
    to: date | None = None
    provider: str = "A"
    number: str | None = None
    change: dict[str, Any] = {}


class Primary(Row, frozen=True):
    """The payer before this one: the number on its insurance, and the dollars that it paid for each line."""

    payer: str
    number: str | None = None
    paid: tuple[Decimal, ...] | None = None


class Bill(Row, frozen=True):
    """A bill. `as_` is the name by which later steps know it.

    `replaces` and `voids` name an earlier bill; a void repeats its lines. `identifier_of` names an earlier bill with
    the same identifier. `dry_run` asks for the answer only.
    `primary` is the payer that pays first. `change` has FHIR elements of the Claim that replace the usual ones.
    """

    lines: tuple[Line, ...] = ()
    as_: str | None = msgspec.field(name="as", default=None)
    number: str | tuple[str, ...] | None = None
    member: str = "M001"
    payer: str = "P1"
    clinic: str = "T1"
    type: Literal["professional", "institutional"] = "professional"
    type_of_bill: str | None = None
    facility: str | None = None
    referral: str | None = None
    primary: Primary | None = None
    replaces: str | None = None
    voids: str | None = None
    identifier_of: str | None = None
    dry_run: bool = False
    change: dict[str, Any] = {}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The words for the numbers of the whole bill."""
        return (self.number,) if isinstance(self.number, str) else self.number or ()
