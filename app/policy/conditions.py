"""What a rule may ask about a requested item: a closed vocabulary, one class a condition.

A fact that the request does not state never makes a condition hold.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from msgspec import Struct
from pydantic import AfterValidator, Field, model_validator

from app.codes import ICD_10_CM, LOINC, PLACE_OF_SERVICE, X12_SERVICE_TYPE, family
from app.domain.request import AuthorizationRequest, RequestedItem
from app.domain.urgency import Urgency, urgency_of
from app.policy.code_sets import CodeSet, ServiceKey, System
from app.policy.yaml.model import Codes, Data, Number, Some


class Asked(Struct, frozen=True):
    """One item of a request, on the calendar day on which the payer received it; `services` are compared often."""

    item: RequestedItem
    request: AuthorizationRequest
    day: date
    services: tuple[ServiceKey, ...]


class ServiceIn(CodeSet):
    """One of the item's services is among these codes or ranges.

    The services are those of the item itself and of the order behind it. CPT and HCPCS count as one system.
    """

    test: Literal["service-in"]

    def holds(self, asked: Asked) -> bool:
        """Tell whether one of the services is in the set."""
        return self.includes(asked.services)


class ServiceType(Data):
    """The item's category of service (X12 1365) is one of these."""

    test: Literal["service-type"]
    codes: Codes

    def holds(self, asked: Asked) -> bool:
        """Tell whether one of the item's categories is listed."""
        return any(
            each.code in self.codes and family(each.system) == X12_SERVICE_TYPE for each in asked.item.service_types
        )


def _undotted(code: str) -> str:
    return code.replace(".", "").upper()


class DiagnosisIn(Data):
    """One of the item's diagnoses is one of these codes, or is in one of these categories.

    A category holds every code that begins with it ("M54" holds M54.50). Codes are compared without the dot, and are
    of ICD-10-CM unless another system is named.
    """

    test: Literal["diagnosis-in"]
    system: System = ICD_10_CM
    codes: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()
    categories: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.codes and not self.categories:
            raise ValueError("give `codes` or `categories`")
        return self

    def holds(self, asked: Asked) -> bool:
        """Tell whether one of the diagnoses of the line, or else of the request, is meant."""
        found = [_undotted(each.code) for each in asked.item.diagnoses if each.system == self.system]
        return any(code in self.codes or code.startswith(tuple(self.categories)) for code in found)


class QuantityOver(Data):
    """More units are asked for than the limit."""

    test: Literal["quantity-over"]
    limit: Annotated[Number, Field(ge=0)]

    def holds(self, asked: Asked) -> bool:
        """Tell whether the quantity is over the limit; a request without one is over no limit."""
        quantity = asked.item.quantity
        return quantity is not None and quantity > self.limit


class PlaceIn(Data):
    """The service is to be performed in one of these places (CMS place of service codes)."""

    test: Literal["place-in"]
    codes: Codes

    def holds(self, asked: Asked) -> bool:
        """Tell whether the item's place is listed."""
        place = asked.item.place
        return place is not None and place.code in self.codes and place.system == PLACE_OF_SERVICE


class AgeBetween(Data):
    """The member's age, in whole years on the day of receipt, is from `from` to `to`, both included."""

    test: Literal["age-between"]
    from_: Annotated[int, Field(ge=0, le=150)] = 0
    to: Annotated[int, Field(ge=0, le=150)] = 150

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ > self.to or not self.model_fields_set & {"from_", "to"}:
            raise ValueError("give `from` or `to`, and `to` not below `from`")
        return self

    def holds(self, asked: Asked) -> bool:
        """Tell whether the age is in the range; a member whose birth date is not known is in none."""
        born, day = asked.request.member.birth_date, asked.day
        if born is None or born > day:
            return False
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return self.from_ <= age <= self.to


class ProviderIn(Data):
    """Who asks, or who performs the item, is one of these providers by NPI: a gold card."""

    test: Literal["provider-in"]
    npis: Codes

    def holds(self, asked: Asked) -> bool:
        """Tell whether the requestor or one of the item's providers is listed."""
        return asked.request.requestor.npi in self.npis or not self.npis.isdisjoint(asked.item.providers)


class DocumentAttached(Data):
    """A document is attached; with codes, one of these LOINC document types."""

    test: Literal["document-attached"]
    codes: Codes = frozenset()

    def holds(self, asked: Asked) -> bool:
        """Tell whether such a document came with the request."""
        if not self.codes:
            return asked.request.has_documents
        return any(each.code in self.codes and each.system == LOINC for each in asked.request.documents)


class RequestedServiceIs(Data):
    """The order behind the item is of one of these kinds."""

    test: Literal["requested-service-is"]
    types: Annotated[
        frozenset[Literal["ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"]],
        Some,
    ]

    def holds(self, asked: Asked) -> bool:
        """Tell whether the item names an order of such a kind."""
        return asked.item.requested_service in self.types


class UrgencyIs(Data):
    """The request says that it is expedited (X12 1338 U or 03, or priority stat), or says another level."""

    test: Literal["urgency"]
    is_: Urgency

    def holds(self, asked: Asked) -> bool:
        """Tell whether the request's stated urgency is the one meant."""
        urgency = asked.request.urgency
        return urgency is not None and urgency_of(urgency) is self.is_


class RequestType(Data):
    """The item's category of review (X12 1525), such as AR for an admission, is one of these."""

    test: Literal["request-type"]
    codes: Codes

    def holds(self, asked: Asked) -> bool:
        """Tell whether the item's request type is listed."""
        return asked.item.request_type in self.codes


class PlanIn(Data):
    """The member's coverage is of one of these plans."""

    test: Literal["plan-in"]
    plans: Codes

    def holds(self, asked: Asked) -> bool:
        """Tell whether one of the member's plans is listed."""
        return not self.plans.isdisjoint(asked.request.member.plans)


Condition = Annotated[
    ServiceIn
    | ServiceType
    | DiagnosisIn
    | QuantityOver
    | PlaceIn
    | AgeBetween
    | ProviderIn
    | DocumentAttached
    | RequestedServiceIs
    | UrgencyIs
    | RequestType
    | PlanIn,
    Field(discriminator="test"),
]
"""Any of the conditions; its `test` says which."""
