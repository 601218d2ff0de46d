"""The conditions of policy rules: a closed vocabulary, with one class for each condition.

A condition never holds on a fact that the request lacks.
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
from app.policy.yaml.model import Codes, Data, NotEmpty, Number


class ItemFacts(Struct, frozen=True):
    """One item under review. `day` is the payer's calendar day of receipt; `services` are the keys of its services."""

    item: RequestedItem
    request: AuthorizationRequest
    day: date
    services: tuple[ServiceKey, ...]


class ServiceIn(CodeSet):
    """The condition that one of the item's services has one of these codes or lies in one of these ranges.

    The services are those of the item and of its order. CPT and HCPCS count as one system.
    """

    test: Literal["service-in"]

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether at least one service is in the set."""
        return self.includes(facts.services)


class ServiceType(Data):
    """The condition that the item has one of these categories of service (X12 1365)."""

    test: Literal["service-type"]
    codes: Codes

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether at least one of the item's categories is listed."""
        return any(
            category.code in self.codes and family(category.system) == X12_SERVICE_TYPE
            for category in facts.item.service_types
        )


def _undotted(code: str) -> str:
    return code.replace(".", "").upper()


class DiagnosisIn(Data):
    """The condition that one of the item's diagnoses has one of these codes or is in one of these categories.

    A category includes every code that begins with it: "M54" includes M54.50. Codes are compared without the dot. The
    default system is ICD-10-CM.
    """

    test: Literal["diagnosis-in"]
    system: System = ICD_10_CM
    codes: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()
    categories: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.codes and not self.categories:
            raise ValueError("must have `codes` or `categories`")
        return self

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether at least one diagnosis of the item is listed or in a category."""
        codes = [_undotted(diagnosis.code) for diagnosis in facts.item.diagnoses if diagnosis.system == self.system]
        return any(code in self.codes or code.startswith(tuple(self.categories)) for code in codes)


class QuantityOver(Data):
    """The condition that the requested quantity is over the limit."""

    test: Literal["quantity-over"]
    limit: Annotated[Number, Field(ge=0)]

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the quantity is over the limit. A missing quantity is not over the limit."""
        quantity = facts.item.quantity
        return quantity is not None and quantity > self.limit


class PlaceIn(Data):
    """The condition that the item has one of these CMS place of service codes."""

    test: Literal["place-in"]
    codes: Codes

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the item's place is listed."""
        place = facts.item.place
        return place is not None and place.code in self.codes and place.system == PLACE_OF_SERVICE


class AgeBetween(Data):
    """The condition that the member's age on the day of receipt is from `from` to `to` years, both included."""

    test: Literal["age-between"]
    from_: Annotated[int, Field(ge=0, le=150)] = 0
    to: Annotated[int, Field(ge=0, le=150)] = 150

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ > self.to or not self.model_fields_set & {"from_", "to"}:
            raise ValueError("must have `from` or `to`, and `from` must not exceed `to`")
        return self

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the age is in the range. Without a birth date, it is not."""
        born, day = facts.request.member.birth_date, facts.day
        if born is None or born > day:
            return False
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        return self.from_ <= age <= self.to


class ProviderIn(Data):
    """The condition that the requestor or a performing provider has one of these NPIs, such as a gold card."""

    test: Literal["provider-in"]
    npis: Codes

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the requestor or a provider of the item is listed."""
        return facts.request.requestor.npi in self.npis or not self.npis.isdisjoint(facts.item.providers)


class DocumentAttached(Data):
    """The condition that a document is attached. With codes, it must have one of these LOINC document types."""

    test: Literal["document-attached"]
    codes: Codes = frozenset()

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the request has a matching document."""
        if not self.codes:
            return facts.request.has_documents
        return any(document.code in self.codes and document.system == LOINC for document in facts.request.documents)


class RequestedServiceIs(Data):
    """The condition that the item's order has one of these resource types."""

    test: Literal["requested-service-is"]
    types: Annotated[
        frozenset[Literal["ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"]],
        NotEmpty,
    ]

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the item has an order of a listed type."""
        return facts.item.order is not None and facts.item.order.type in self.types


class UrgencyIs(Data):
    """The condition that the request states this urgency. X12 1338 U or 03 and priority `stat` mean expedited."""

    test: Literal["urgency"]
    is_: Urgency

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the request states this urgency. A request without one never does."""
        urgency = facts.request.urgency
        return urgency is not None and urgency_of(urgency) is self.is_


class RequestType(Data):
    """The condition that the item has one of these request types (X12 1525), such as AR for an admission."""

    test: Literal["request-type"]
    codes: Codes

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether the item's request type is listed."""
        return facts.item.request_type in self.codes


class PlanIn(Data):
    """The condition that the member has one of these plans."""

    test: Literal["plan-in"]
    plans: Codes

    def holds(self, facts: ItemFacts) -> bool:
        """Return whether at least one of the member's plans is listed."""
        return not self.plans.isdisjoint(facts.request.member.plans)


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
"""Any of the conditions. The value of `test` selects the class."""
