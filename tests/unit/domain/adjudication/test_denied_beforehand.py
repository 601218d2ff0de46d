"""A service that the payer denied beforehand is not paid, also where the rules need no number for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import Link
from app.domain.datatypes import Coding
from app.domain.decision import Reason, ReviewAction
from app.domain.requirement import Need, Requirement
from tests.support.billing_samples import AU2, NEVER_ISSUED, B, authorization, claim, codes, item, line, on, only

EXCLUDED = Reason("not-covered", "0M", "The plan does not cover this service.")
UNSAFE = Reason("not-medically-necessary", "0F", "The records do not show the need.")


def denied(reason: Reason = UNSAFE, day: date = date(2025, 12, 20), **requested: Any) -> AuthorizedItem:
    item_denied = item(action=ReviewAction.NOT_CERTIFIED, decided=day, **requested)
    return replace(item_denied, decision=replace(item_denied.decision, reason=reason))


def of_request(*items: AuthorizedItem) -> Authorization:
    return replace(authorization(*items, administration_number=AU2), number=None)


def free(_: object) -> Requirement:
    return Requirement(Need.NOT_REQUIRED)


@pytest.mark.scenario("S-35")
@pytest.mark.parametrize("requirement", [free, lambda _: Requirement(Need.REQUIRED)])
@pytest.mark.parametrize(("reason", "answer"), [(UNSAFE, "CO-39 N758"), (EXCLUDED, "CO-96 N216")])
@pytest.mark.parametrize("number", [AU2, None])
def test_a_denial_counts_by_its_case_reference_and_as_the_only_decision_on_file(
    number: str | None, reason: Reason, answer: str, requirement: Any
) -> None:
    known = of_request(denied(reason))
    result = only(claim(number=number), known, authorizations={AU2: known}, requirement=requirement)
    assert codes(result) == answer
    assert result.notes[1:] == (f"Decided on 2025-12-20, in ClaimResponse/{known.id}.", reason.text)
    assert result.linked == Link(known.id, AU2, "1")


def test_a_wrong_number_does_not_hide_a_denial_on_file() -> None:
    assert codes(only(claim(number=NEVER_ISSUED), of_request(denied()), requirement=free)) == "CO-39 N758"


@pytest.mark.parametrize(
    "other",
    [
        item(sequence=2),
        item(sequence=2, action=ReviewAction.PENDED),
        item(sequence=2, action=ReviewAction.NOT_REQUIRED),
    ],
    ids=["granted", "pended", "not required"],
)
def test_a_denial_is_not_the_only_decision_beside_another(other: AuthorizedItem) -> None:
    known = of_request(denied(), other)
    assert codes(only(claim(number=None), known, requirement=free)) == "paid"


def test_a_denial_counts_beside_a_cancelled_request() -> None:
    known = of_request(item(sequence=2, action=ReviewAction.CANCELLED), denied())
    assert codes(only(claim(number=None), known, requirement=free)) == "CO-39 N758"


@pytest.mark.parametrize(
    "requested",
    [{"code": "97140"}, {"modifiers": ("26",)}, {"serviced": on("2026-02-01", "2026-02-28")}],
    ids=["service", "component", "days"],
)
def test_a_denial_of_another_service_does_not_count(requested: dict[str, Any]) -> None:
    assert codes(only(claim(number=None), of_request(denied(**requested)), requirement=free)) == "paid"
    assert codes(only(claim(number=None), of_request(denied(**requested)))) == "CO-197 N210"


@pytest.mark.parametrize(
    "billed",
    [{"place": Coding("", "12")}, {"providers": (B,)}, {"units": "1"}, {"serviced": on("2026-01-15", "2026-02-15")}],
    ids=["place", "provider", "units", "longer"],
)
def test_a_denial_counts_at_any_place_and_by_any_provider(billed: dict[str, Any]) -> None:
    known = of_request(denied(serviced=on("2026-01-01", "2026-01-31")))
    assert codes(only(claim(line(**billed), number=None), known, requirement=free)) == "CO-39 N758"


def test_the_newest_denial_is_named() -> None:
    known = of_request(denied(day=date(2025, 12, 22), sequence=2), denied())
    assert "Decided on 2025-12-22" in only(claim(number=None), known).notes[1]
