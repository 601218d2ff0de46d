"""A whole service that is billed by its components: each is paid once for each authorized unit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import Authorization
from app.domain.billing import BilledLine, LineResult
from app.domain.ledger import LedgerEntry, post, release_of
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.matching_terms import MatchingTerms, SplitComponents
from tests.support.billing_samples import AU1, answered, authorization, claim, facts, item, line

SPLIT = SplitComponents(reference="Manual 7", first=date(2026, 1, 1), last=date(2026, 12, 31))
TERMS = BillingTerms(matching=MatchingTerms(tolerances=(SPLIT,)))
AT = datetime(2026, 6, 1, tzinfo=UTC)


def scan(*modifiers: str, sequence: int = 1, units: str = "1") -> BilledLine:
    return line("72148", units=units, modifiers=modifiers, sequence=sequence)


def authorized(units: str = "1") -> Authorization:
    return authorization(item("72148", units=units))


def billed(known: Authorization, *lines: BilledLine, entries: tuple[LedgerEntry, ...] = ()) -> list[LineResult]:
    given = facts(known, terms=TERMS, entries={known.id: entries})
    return list(adjudicate(claim(*lines), given).lines)


def posted(known: Authorization, result: LineResult, claim_id: str) -> tuple[Authorization, tuple[LedgerEntry, ...]]:
    """Post the draws of an answered line."""
    entries = tuple(
        LedgerEntry(
            id=f"{claim_id}.{place}",
            authorization=draw.authorization,
            item=draw.item,
            units=-portion.units,
            created=AT,
            actor="biller",
            claim=claim_id,
            line=draw.line,
            component=portion.component,
        )
        for draw in result.draws
        for place, portion in enumerate(draw.portions)
    )
    return post(known, entries), entries


@pytest.mark.scenario("S-13c")
def test_both_components_of_one_unit_are_paid_and_use_it_up() -> None:
    first, second = billed(authorized(), scan("26"), scan("TC", sequence=2))
    assert [first.paid_units, second.paid_units] == [1, 1]
    assert [draw.remaining for result in (first, second) for draw in result.draws] == [Decimal("0.5"), 0]
    assert (
        "Component: claimed the technical component (TC), authorized the whole service. Accepted under Manual 7."
        in (second.notes)
    )


@pytest.mark.parametrize(
    ("units", "lines", "paid"),
    [
        ("2", ["", "26", "26", "TC", "TC"], [1, 1, 0, 1, 0]),
        ("1", ["26", "", "TC"], [1, 0, 1]),
        ("2", ["26", "26", "", "TC", "TC"], [1, 1, 0, 1, 1]),
        ("2", ["26", "TC", "", ""], [1, 1, 1, 0]),
    ],
)
def test_a_unit_pays_no_component_alone_and_as_a_part_of_the_whole(
    units: str, lines: list[str], paid: list[int]
) -> None:
    scans = [scan(*filter(None, [name]), sequence=place) for place, name in enumerate(lines, 1)]
    assert [result.paid_units for result in billed(authorized(units), *scans)] == paid
    known, answers = authorized(units), []
    ledger: tuple[LedgerEntry, ...] = ()
    for place, name in enumerate(lines, 1):
        [result] = billed(known, scan(*filter(None, [name])), entries=ledger)
        known, entries = posted(known, result, f"claim-{place}")
        ledger = (*ledger, *entries)
        answers.append(result.paid_units)
    assert answers == paid


@pytest.mark.scenario("S-13c")
@pytest.mark.parametrize(("component", "paid"), [("26", 0), ("TC", 1)])
def test_a_second_claim_is_paid_for_the_other_component_only(component: str, paid: int) -> None:
    [first] = billed(authorized(), scan("26"))
    known, entries = posted(authorized(), first, "first")
    [second] = billed(known, scan(component), entries=entries)
    assert second.paid_units == paid


def test_a_released_component_can_be_billed_again() -> None:
    [first] = billed(authorized(), scan("26"))
    known, entries = posted(authorized(), first, "first")
    released = release_of(entries, AT, "biller")
    known = post(known, released)
    [again] = billed(known, scan("26"), entries=(*entries, *released))
    assert again.paid_units == 1


def test_a_component_is_paid_up_to_the_authorized_units() -> None:
    [result] = billed(authorized("3"), scan("TC", units="5"))
    assert answered(adjudicate(claim(scan("TC", units="5")), facts(authorized("3"), terms=TERMS))) == ["CO-198 N435 3"]
    assert [draw.units for draw in result.draws] == [Decimal("1.5")]
    assert result.paid_amount == Decimal("60.00")


def test_the_whole_service_is_not_paid_beside_its_components() -> None:
    results = billed(authorized(), scan("26"), scan("TC", sequence=2), scan(sequence=3))
    assert results[2].paid_units == 0


def test_without_the_tolerance_no_component_is_paid() -> None:
    [result] = adjudicate(claim(scan("26")), facts(authorized())).lines
    assert (result.paid_units, result.draws) == (Decimal(0), ())


def test_an_authorized_component_draws_whole_units() -> None:
    known = authorization(item("72148", units="1", modifiers=("26",)), number=AU1)
    [result] = billed(known, scan("26"))
    assert [draw.units for draw in result.draws] == [1]
