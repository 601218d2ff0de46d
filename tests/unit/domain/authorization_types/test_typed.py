"""The type of an item follows from its codes, its days and the day of receipt."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.authorization_types.typed import type_of, typed
from app.domain.datatypes import Period
from app.domain.parts.authorization_type import AuthorizationType
from tests.policies.builders import item_of, request_of

TODAY = date(2026, 3, 2)
BEFORE, AFTER = Period(date(2026, 2, 20), date(2026, 3, 1)), Period(date(2026, 3, 2), date(2026, 3, 9))
UNDER_WAY, OPEN = Period(date(2026, 3, 1), date(2026, 3, 2)), Period(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("certification", "kind", "days", "first", "update"),
    [
        (None, None, None, "prior", "prior"),
        ("I", "HS", AFTER, "prior", "prior"),
        ("R", "HS", AFTER, "prior", "prior"),
        ("I", "AR", AFTER, "pre-certification", "pre-certification"),
        ("I", "SC", AFTER, "referral", "referral"),
        ("I", "HS", BEFORE, "retrospective", "retrospective"),
        ("I", "AR", BEFORE, "retrospective", "retrospective"),
        ("I", "SC", BEFORE, "retrospective", "retrospective"),
        ("I", "HS", UNDER_WAY, "retrospective", "concurrent"),
        ("I", "AR", UNDER_WAY, "concurrent", "concurrent"),
        ("I", "AR", OPEN, "concurrent", "concurrent"),
        ("I", "HS", Period(None, date(2026, 3, 1)), "retrospective", "retrospective"),
        ("4", "HS", AFTER, "prior", "concurrent"),
        ("4", "HS", None, "prior", "concurrent"),
        ("4", "AR", BEFORE, "retrospective", "retrospective"),
        ("1", "HS", AFTER, "expedited-appeal", "expedited-appeal"),
        ("2", "AR", BEFORE, "appeal", "appeal"),
        ("N", "SC", AFTER, "reconsideration", "reconsideration"),
    ],
)
def test_codes_and_days_give_the_type(
    certification: str | None, kind: str | None, days: Period | None, first: str, update: str
) -> None:
    item = item_of(certification_type=certification, request_type=kind, serviced=days)
    assert (type_of(item, TODAY), type_of(item, TODAY, follows=True)) == (first, update)


def test_each_item_of_a_request_has_its_own_type() -> None:
    request = typed(request_of(item_of(serviced=BEFORE), item_of(sequence=2, request_type="SC")), TODAY)
    assert [item.type for item in request.items] == [AuthorizationType.RETROSPECTIVE, AuthorizationType.REFERRAL]
