"""The numbers on which a claim may draw."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from app.domain.adjudication.adjudicate import adjudicate
from app.domain.authorization import AuthorizedItem, ReviewAction
from tests.support.billing_samples import AU1, AU2, authorization, claim, codes, facts, item, line, only

PENDED = item(action=ReviewAction.PENDED)


def by_administration_number(*items: AuthorizedItem, number: str | None) -> str:
    known = authorization(*items, number=AU1, administration_number=AU2)
    known = replace(known, number=number)
    return codes(only(claim(number=AU2), known, authorizations={AU2: known}))


def test_an_administration_number_is_answered_as_pending_until_an_item_is_granted() -> None:
    pending = codes(only(claim(number=AU2), replace(authorization(PENDED), number=AU2)))
    assert by_administration_number(PENDED, number=None) == pending


def test_an_administration_number_is_unknown_once_an_item_is_granted() -> None:
    unknown = codes(only(claim(number="PA260000030")))
    assert by_administration_number(item(), number=AU1) == unknown
    assert (
        by_administration_number(item(), replace(PENDED, requested=replace(PENDED.requested, sequence=2)), number=AU1)
        == unknown
    )


def test_a_line_without_a_number_sees_the_draws_of_earlier_lines() -> None:
    lines = [line(units="12", authorization_number=AU1), line(sequence=2)]
    first, second = adjudicate(claim(*lines, number=None), facts()).lines
    nothing = only(claim(number=None), authorization(item(used="12")))
    assert (first.paid_units, codes(second)) == (Decimal(12), codes(nothing))
