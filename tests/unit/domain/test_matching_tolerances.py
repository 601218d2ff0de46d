"""Tolerances of a payer: each accepts one difference, on its days only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.codes import X12_SERVICE_TYPE
from app.domain.authorization import Authorization, Standing
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.matching import ATTRIBUTES
from app.domain.matching.attribute import Attribute, Sides
from app.domain.matching.billing_provider import BillingProvider
from app.domain.matching.component import Component
from app.domain.matching.dates import ServiceDates
from app.domain.matching.facility import Facility
from app.domain.matching.mismatch import Mismatch, Tolerated
from app.domain.matching.modifiers import Modifiers
from app.domain.matching.place import Place
from app.domain.matching.procedure import Procedure
from app.domain.matching.rendering_provider import RenderingProvider
from app.domain.matching.units import Units
from app.domain.parts import matching_terms as terms
from app.domain.parts.matching_terms import MatchingTerms
from app.domain.request import Party
from app.domain.units import Unit
from tests.support.billing_samples import OFFICE, REASONS, A, B, authorization, claim, cpt, item, line
from tests.support.matching import exactly

YEAR: dict[str, Any] = {"reference": "Manual 4.2", "first": date(2026, 1, 1), "last": date(2026, 12, 31)}
LAST_YEAR = YEAR | {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}
OTHER_TIN = claim(provider=Party(npi=A, tax_id="98-7654321"))
F1, F2 = "1444444446", "1555555550"

DIFFERENCES: dict[type[terms.Tolerance], tuple[Attribute, Sides, dict[str, Any]]] = {
    terms.EqualPlaces: (
        Place(),
        Sides(line(place=Coding(OFFICE.system, "02")), claim(), item(), authorization()),
        {"places": frozenset({"02", "11"})},
    ),
    terms.Grace: (
        ServiceDates(),
        Sides(line(day="2026-04-03"), claim(), item(), authorization()),
        {"before": 0, "after": 3},
    ),
    terms.PricingModifiers: (
        Modifiers(),
        Sides(line(modifiers=("RR", "KX")), claim(), item(), authorization()),
        {},
    ),
    terms.SplitComponents: (
        Component(),
        Sides(line(modifiers=("TC",)), claim(), item(), authorization()),
        {},
    ),
    terms.Locum: (
        RenderingProvider(),
        Sides(line(providers=(B,), modifiers=("Q6",)), claim(), item(), authorization()),
        {},
    ),
    terms.Affiliated: (
        BillingProvider(),
        Sides(line(), OTHER_TIN, item(), authorization()),
        {"tax_ids": frozenset({"123456789", "987654321"})},
    ),
    terms.FacilitySystem: (
        Facility(),
        Sides(line(facility=F2), claim(), item(facility=F1), authorization()),
        {"npis": frozenset({F1, F2})},
    ),
    terms.EqualCodes: (
        Procedure(),
        Sides(line("97112"), claim(), item(), authorization()),
        {"authorized": ((cpt("97110"), None),), "billed": ((cpt("97111"), cpt("97116")),)},
    ),
    terms.TypedCodes: (
        Procedure(),
        Sides(
            line("97112"),
            claim(),
            item(services=(), service_types=(Coding(X12_SERVICE_TYPE, "PT"),)),
            authorization(),
        ),
        {"service_type": "PT", "billed": ((cpt("97110"), cpt("97140")),)},
    ),
    terms.UnitConversion: (
        Units(),
        Sides(line(unit=Unit(code="DA")), claim(), item(unit=Unit(code="MO")), authorization()),
        {"billed": "d", "authorized": "MN", "factor": Decimal(30)},
    ),
}
"""A difference for each tolerance, with the content of the tolerance."""


def under(sides: Sides, *tolerances: terms.Tolerance) -> Sides:
    return replace(sides, terms=MatchingTerms(tolerances=tolerances))


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_a_difference_is_a_mismatch_without_its_tolerance(kind: type[terms.Tolerance]) -> None:
    attribute, sides, _ = DIFFERENCES[kind]
    found = exactly(attribute, sides)
    assert found is not None
    assert found.reason_key in attribute.reasons


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_a_tolerance_accepts_its_difference_and_cites_the_payers_document(kind: type[terms.Tolerance]) -> None:
    attribute, sides, content = DIFFERENCES[kind]
    outcome = attribute.compare(under(sides, kind(**content, **YEAR)))
    assert isinstance(outcome, Tolerated)
    assert outcome.attribute == attribute.name
    assert outcome.sentence.endswith("Accepted under Manual 4.2.")


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_a_tolerance_of_another_year_accepts_nothing(kind: type[terms.Tolerance]) -> None:
    attribute, sides, content = DIFFERENCES[kind]
    assert isinstance(attribute.compare(under(sides, kind(**content, **LAST_YEAR))), Mismatch)


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_a_tolerance_accepts_no_other_attribute(kind: type[terms.Tolerance]) -> None:
    tolerance = kind(**DIFFERENCES[kind][2], **YEAR)
    for other in DIFFERENCES.keys() - {kind}:
        attribute, sides, _ = DIFFERENCES[other]
        assert isinstance(attribute.compare(under(sides, tolerance)), Mismatch)


@pytest.mark.parametrize(
    ("kind", "sides", "content"),
    [
        (terms.EqualPlaces, {"line": line(place=Coding(OFFICE.system, "12"))}, None),
        (terms.EqualPlaces, {"line": line(place=None)}, None),
        (terms.Grace, {"line": line(day="2026-04-04")}, None),
        (terms.Grace, {"line": line(day="2025-12-31")}, None),
        (terms.PricingModifiers, {"line": line(modifiers=("80",))}, None),
        (terms.PricingModifiers, {"line": line(modifiers=("NU",)), "item": item(modifiers=("RR",))}, None),
        (terms.PricingModifiers, {"line": line(), "item": item(modifiers=("RR",))}, None),
        (terms.SplitComponents, {"line": line(modifiers=("26", "TC"))}, None),
        (terms.SplitComponents, {"item": item(modifiers=("26",))}, None),
        (terms.Locum, {"line": line(providers=(B,))}, None),
        (terms.Locum, {"claim": OTHER_TIN}, None),
        (terms.Affiliated, {}, {"tax_ids": frozenset({"123456789", "111111111"})}),
        (terms.FacilitySystem, {}, {"npis": frozenset({F1, "1666666668"})}),
        (terms.EqualCodes, {"line": line("97140")}, None),
        (terms.EqualCodes, {"line": line(services=(cpt("97112"), cpt("27447")))}, None),
        (terms.EqualCodes, {"line": line("97112", service_end=cpt("97140"))}, None),
        (terms.EqualCodes, {"item": item("97150")}, None),
        (terms.UnitConversion, {"line": line(unit=Unit(code="HR"))}, None),
        (terms.UnitConversion, {"line": line(unit=Unit(text="days"))}, None),
        (terms.UnitConversion, {"line": line(unit=None)}, None),
        (terms.UnitConversion, {"item": item(unit=Unit(code="HR"))}, None),
        (terms.TypedCodes, {"line": line("27447")}, None),
        (terms.TypedCodes, {"item": item(services=(), service_types=(Coding(X12_SERVICE_TYPE, "62"),))}, None),
        (terms.TypedCodes, {"item": item("27447", service_types=(Coding(X12_SERVICE_TYPE, "PT"),))}, None),
    ],
)
def test_a_tolerance_accepts_nothing_else(
    kind: type[terms.Tolerance], sides: dict[str, Any], content: dict[str, Any] | None
) -> None:
    attribute, plain, usual = DIFFERENCES[kind]
    changed = replace(under(plain, kind(**(content or usual), **YEAR)), **sides)
    assert isinstance(attribute.compare(changed), Mismatch)


@pytest.mark.parametrize("component", ["26", "TC"])
def test_a_component_does_not_count_as_a_pricing_modifier(component: str) -> None:
    others = [(kind, content) for kind, (_, _, content) in DIFFERENCES.items() if kind is not terms.SplitComponents]
    every = [kind(**content, **YEAR) for kind, content in others]
    billed = Sides(line(modifiers=(component,)), claim(), item(), authorization())
    assert isinstance(Component().compare(under(billed, *every)), Mismatch)


def cancelled() -> Authorization:
    granted = item()
    standing = Standing(granted.requested, granted.decision)
    return authorization(replace(item(action=ReviewAction.CANCELLED), standing=standing))


def test_no_grace_follows_a_cancellation() -> None:
    grace = terms.Grace(before=0, after=3, **YEAR)
    record = cancelled()
    granted = record.items[0].as_granted
    assert granted is not None
    late = Sides(line(day="2026-04-02"), claim(), granted, record)
    assert isinstance(ServiceDates().compare(under(late, grace)), Mismatch)


def test_the_days_of_grace_before_the_period_count_too() -> None:
    grace = terms.Grace(before=1, after=0, **YEAR | {"first": date(2025, 12, 1)})
    early = Sides(line(day="2025-12-31"), claim(), item(), authorization())
    assert isinstance(ServiceDates().compare(under(early, grace)), Tolerated)


def test_each_attribute_is_described_and_its_reasons_have_rows() -> None:
    assert len({attribute.name for attribute in ATTRIBUTES}) == len(ATTRIBUTES)
    assert {kind for attribute in ATTRIBUTES for kind in attribute.tolerances} == DIFFERENCES.keys()
    for attribute in ATTRIBUTES:
        assert attribute.missing_on_bill
        assert attribute.missing_on_authorization
        assert set(attribute.reasons) <= set(REASONS)
