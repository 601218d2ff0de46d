"""The criteria of an inquiry by example.

https://hl7.org/fhir/us/davinci-pas/specification.html (prior authorization inquiries)
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from app.domain.datatypes import Coding, Identifier, Period
from app.domain.request import Member, Party


class ItemCriteria(Struct, frozen=True):
    """Criteria for one item. None or an empty tuple is no criterion.

    The item must have all `modifiers`. `quantity`: the requested or the granted units. `service_end` makes the services
    the start of a range. `issued`, `effective` and `expires` limit the day of the decision, the first day of the grant
    and its last day.
    """

    services: tuple[Coding, ...] = ()
    service_end: Coding | None = None
    service_types: tuple[Coding, ...] = ()
    serviced: Period | None = None
    modifiers: tuple[str, ...] = ()
    place: Coding | None = None
    quantity: Decimal | None = None
    trace_numbers: tuple[Identifier, ...] = ()
    request_type: str | None = None
    certification_type: str | None = None
    review_action: str | None = None
    number: str | None = None
    administration_number: str | None = None
    issued: Period | None = None
    effective: Period | None = None
    expires: Period | None = None


class Inquiry(Struct, frozen=True):
    """An inquiry: its member, its parties and its criteria.

    `rendering` are the NPIs of the care team. `serviced` is the period of the Claim, `event` the days of its admission
    or patient event. `urgency` is the level of service. The identifier of the inquiry's Claim names the inquiry and is
    no criterion.
    """

    member: Member
    insurer: Party
    requestor: Party
    rendering: tuple[str, ...] = ()
    number: str | None = None
    administration_number: str | None = None
    diagnoses: tuple[Coding, ...] = ()
    serviced: Period | None = None
    event: Period | None = None
    discharge: date | None = None
    certification_type: str | None = None
    urgency: str | None = None
    items: tuple[ItemCriteria, ...] = ()

    @property
    def npis(self) -> tuple[str, ...]:
        """The NPIs of the requestor and the care team."""
        requestor = (self.requestor.npi,) if self.requestor.npi else ()
        return (*requestor, *self.rendering)

    @property
    def names_authorization(self) -> bool:
        """Whether the inquiry has the number of an authorization, or of a pended request."""
        own = self.number or self.administration_number
        return bool(own or any(item.number or item.administration_number for item in self.items))

    @property
    def identity(self) -> Inquiry:
        """The inquiry without its criteria: the member, and the parties."""
        return Inquiry(self.member, self.insurer, self.requestor, self.rendering)
