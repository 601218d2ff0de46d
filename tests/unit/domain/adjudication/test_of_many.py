"""Claims with many lines, and authorizations with many items."""

from __future__ import annotations

import pytest

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.matching.comparisons import Comparisons, TooManyComparisons
from app.domain.parts.billing_terms import BillingTerms
from app.domain.parts.matching_terms import MatchingTerms
from tests.support.billing_samples import AU2, QUARTER, answered, authorization, claim, codes, cpt, facts, item, line


def test_each_line_of_a_long_claim_draws_on_its_own_item() -> None:
    count = 1200
    known = authorization(*(item(units="1", sequence=place + 1) for place in range(count)))
    lines = [line(units="1", sequence=place + 1) for place in range(count)]
    answer = adjudicate(claim(*lines), facts(known))
    assert answered(answer) == ["paid 1"] * count
    assert [one.draws[0].item for one in answer.lines if one.draws] == [str(place + 1) for place in range(count)]


def test_equal_lines_are_compared_once_and_distinct_ones_up_to_a_limit() -> None:
    alike = (authorization(*(item(sequence=place + 1) for place in range(50))),)
    compared = Comparisons(claim(), MatchingTerms(), most=4)
    assert [len(compared.exact(line(sequence=place), alike)) for place in range(50)] == [50] * 50
    two = (authorization(item(), item("97140", sequence=2), number=AU2),)
    assert len(compared.exact(line(), two)) == 1
    assert len(compared.exact(line(sequence=9, charge=None), two)) == 1
    with pytest.raises(TooManyComparisons):
        compared.exact(line(day="2026-01-16"), two)


def test_among_many_items_the_one_for_the_same_service_is_reported() -> None:
    others = [item(f"{90000 + place}", sequence=place + 1) for place in range(200)]
    known = authorization(*others, item(sequence=300))
    (result,) = adjudicate(claim(line(day="2027-01-01")), facts(known, terms=BillingTerms(future_services=True))).lines
    assert codes(result) == codes(
        adjudicate(claim(line(day="2027-01-01")), facts(terms=BillingTerms(future_services=True))).lines[0]
    )
    assert result.notes[1] == f"Service dates: claimed 2027-01-01, authorized {QUARTER.start} to {QUARTER.end}."
    (unknown,) = adjudicate(claim(line(services=(cpt("80000"),))), facts(known)).lines
    assert unknown.notes[1].startswith("Procedure: claimed 80000, authorized 9000")
