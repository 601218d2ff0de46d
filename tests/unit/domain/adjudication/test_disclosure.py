"""The numbers on which a claim may draw."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import AuthorizedItem
from app.domain.billing import Link
from app.domain.decision import ReviewAction
from tests.support.billing_samples import AU1, AU2, authorization, claim, codes, facts, item, line, only

PENDED = item(action=ReviewAction.PENDED)


def by_administration_number(*items: AuthorizedItem, number: str | None) -> str:
    known = authorization(*items, number=AU1, administration_number=AU2)
    known = replace(known, number=number)
    return codes(only(claim(number=AU2), known, authorizations={AU2: known}))


def test_an_administration_number_is_answered_as_pending_until_an_item_is_granted() -> None:
    pending = codes(only(claim(number=AU2), replace(authorization(PENDED), number=AU2)))
    assert by_administration_number(PENDED, number=None) == pending


def test_an_administration_number_leads_to_the_number_of_the_approval() -> None:
    known = authorization(item(), administration_number=AU2)
    result = only(claim(number=AU2), known, authorizations={AU2: known})
    assert (codes(result), result.draws) == ("CO-16 M62", ())
    assert f"Authorization number: {AU1}." in result.notes
    assert result.linked == Link(known.id, AU1, "1")


def test_an_administration_number_may_stand_beside_the_number_of_the_approval() -> None:
    known = authorization(item(), administration_number=AU2)
    billed = replace(claim(), numbers=(AU2, AU1))
    assert codes(only(billed, known, authorizations={AU1: known, AU2: known})) == "paid"


def test_an_administration_number_is_pending_or_for_another_service_after_the_approval_of_another_item() -> None:
    second = replace(PENDED, requested=replace(PENDED.requested, sequence=2))
    assert by_administration_number(item("97140"), second, number=AU1) == "OA-133"
    assert by_administration_number(item("97140"), number=AU1) == "CO-284 N54"


def test_a_line_without_a_number_sees_the_draws_of_earlier_lines() -> None:
    lines = [line(units="12", authorization_number=AU1), line(sequence=2)]
    first, second = adjudicate(claim(*lines, number=None), facts()).lines
    nothing = only(claim(number=None), authorization(item(used="12")))
    assert (first.paid_units, codes(second)) == (Decimal(12), codes(nothing))
