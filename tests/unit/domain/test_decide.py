"""The limits of a reviewer's grant."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.domain.authorization import ReviewAction
from app.domain.review.decide import NotDecidable, decided
from app.domain.review.ruling import ItemRuling
from app.domain.span import Span
from tests.support.billing_samples import authorization, item

TODAY = date(2026, 1, 5)


def ruled(quantity: str, asked: str | None = "12") -> Decimal | None:
    """Return the units that a partly-certify of `quantity` grants."""
    pended = item(action=ReviewAction.PENDED, quantity=None if asked is None else Decimal(asked))
    ruling = ItemRuling("1", "partly-certify", quantity=Decimal(quantity), span=Span(0, 60))
    granted = decided(authorization(pended), [ruling], TODAY, {}).items[0].decision.granted
    assert granted is not None
    return granted.quantity


@pytest.mark.parametrize(("quantity", "asked"), [("12", "12"), ("0.001", "12"), ("7.500", "12"), ("40", None)])
def test_a_reviewer_grants_up_to_the_requested_quantity(quantity: str, asked: str | None) -> None:
    assert ruled(quantity, asked) == Decimal(quantity)


@pytest.mark.parametrize("quantity", ["12.001", "1e9", "1e300"])
def test_a_reviewer_cannot_exceed_the_requested_quantity(quantity: str) -> None:
    with pytest.raises(NotDecidable, match="must not exceed the requested quantity"):
        ruled(quantity)


@pytest.mark.parametrize(("quantity", "asked"), [("1.2345", "12"), ("1e-300", "12"), ("1e300", None)])
def test_a_reviewer_must_grant_a_countable_quantity(quantity: str, asked: str | None) -> None:
    with pytest.raises(NotDecidable, match="three decimals"):
        ruled(quantity, asked)
