"""Conditions on the request. A bill says none of this: its conditions are not known."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import field_validator

from app.domain.parts.authorization_type import AFTER_DENIAL, AuthorizationType
from app.domain.urgency import Urgency, urgency_of
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data, NotEmpty

INITIAL = "I"
"""The X12 1322 code of a first request. A request without a certification type is one."""


class RequestedServiceIs(Data):
    """The condition that the item's order has one of these resource types. An item without an order has none."""

    test: Literal["requested-service-is"]
    types: Annotated[
        frozenset[Literal["ServiceRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder"]],
        NotEmpty,
    ]
    fact: ClassVar[str] = "order"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"order is a {listed(self.types)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the item has an order of a listed type."""
        if facts.item is None:
            return None
        order = facts.item.order
        return order is not None and order.type in self.types


class UrgencyIs(Data):
    """The condition that the request states this urgency. X12 1338 U or 03 and priority `stat` mean expedited.

    A request without an urgency is not known.
    """

    test: Literal["urgency"]
    is_: Urgency
    fact: ClassVar[str] = "urgency"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"urgency {self.is_}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the request states this urgency."""
        urgency = None if facts.request is None else facts.request.urgency
        return None if urgency is None else urgency_of(urgency) is self.is_


class RequestType(Data):
    """The condition that the item has one of these request types (X12 1525), such as AR for an admission.

    No type on the list fits an item without a request type.
    """

    test: Literal["request-type"]
    codes: Codes
    fact: ClassVar[str] = "type of the request"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"request type {listed(self.codes)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the item's request type is listed."""
        return None if facts.item is None else facts.item.request_type in self.codes


class CertificationType(Data):
    """The condition that the item has one of these certification types (X12 1322), such as R for a renewal.

    An item without a certification type is a first request (I).
    """

    test: Literal["certification-type"]
    codes: Codes
    fact: ClassVar[str] = "type of the certification"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"certification type {listed(self.codes)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the item's certification type is listed."""
        return None if facts.item is None else (facts.item.certification_type or INITIAL) in self.codes


class TypeIs(Data):
    """The condition that the review of the item has one of these types, such as retrospective.

    A list must not mix types of appeals with other types.
    """

    test: Literal["type"]
    is_: Annotated[frozenset[AuthorizationType], NotEmpty]
    fact: ClassVar[str] = "type of the review"

    @field_validator("is_")
    @classmethod
    def _unmixed(cls, types: frozenset[AuthorizationType]) -> frozenset[AuthorizationType]:
        if types & AFTER_DENIAL and not types <= AFTER_DENIAL:
            raise ValueError(f"must not have other types beside {listed(types & AFTER_DENIAL)}")
        return types

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"type {listed(self.is_)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the review of the item has a listed type."""
        return None if facts.item is None else facts.item.type in self.is_
