"""Conditions on the service of a line: its code, and its category."""

from __future__ import annotations

from typing import ClassVar, Literal

from app.codes import X12_SERVICE_TYPE, family
from app.policy.codes.code_sets import CodeSet
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


class Services(CodeSet):
    """Services, by their codes.

    CPT and HCPCS count as one system. A range of codes must be in the set completely; if a part of it is, or the ends
    form no range, the services are not known. A line without a code is not known on a bill, or if its order has one.
    """

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the line's codes are in the set."""
        if facts.span is not None and facts.span.empty:
            return None
        if facts.span is not None:
            others = [service for service in facts.services if service[0] != facts.span.system]
            return self.includes(others) or self.over(facts.span)
        if facts.services:
            return self.includes(facts.services)
        order = facts.line.order
        return False if facts.item is not None and (order is None or not order.services) else None


class ServiceIn(Services):
    """The condition that the line's service has one of these codes or lies in one of these ranges."""

    test: Literal["service-in"]
    fact: ClassVar[str] = "code of the service"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"service {listed(self.in_order)}"


class ServiceType(Data):
    """The condition that the line has one of these categories of service (X12 1365). A bill names no category."""

    test: Literal["service-type"]
    codes: Codes
    fact: ClassVar[str] = "category of the service"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"category of service {listed(self.codes)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether at least one of the line's categories is listed."""
        categories = () if facts.item is None else facts.item.service_types
        if not categories:
            return None
        return any(
            category.code in self.codes and family(category.system) == X12_SERVICE_TYPE for category in categories
        )
