"""The type of an item follows from its codes, its days and the day of receipt."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.authorization_types.typed import Before, type_of, typed
from app.domain.datatypes import Period
from app.domain.parts.authorization_type import AuthorizationType
from tests.policies.builders import item_of, request_of

TODAY = date(2026, 3, 2)
BEFORE, AFTER = Period(date(2026, 2, 20), date(2026, 3, 1)), Period(date(2026, 3, 2), date(2026, 3, 9))
UNDER_WAY, OPEN = Period(date(2026, 3, 1), date(2026, 3, 2)), Period(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("certification", "kind", "days", "types"),
    [
        (None, None, None, ("prior", "prior", "prior")),
        ("I", "HS", AFTER, ("prior", "prior", "prior")),
        ("R", "HS", AFTER, ("prior", "prior", "prior")),
        ("I", "AR", AFTER, ("pre-certification", "pre-certification", "pre-certification")),
        ("I", "SC", AFTER, ("referral", "referral", "referral")),
        ("I", "HS", BEFORE, ("retrospective", "retrospective", "retrospective")),
        ("I", "AR", BEFORE, ("retrospective", "retrospective", "retrospective")),
        ("I", "SC", BEFORE, ("retrospective", "retrospective", "retrospective")),
        ("I", "HS", UNDER_WAY, ("retrospective", "concurrent", "concurrent")),
        ("I", "AR", UNDER_WAY, ("concurrent", "concurrent", "concurrent")),
        ("I", "AR", OPEN, ("concurrent", "concurrent", "concurrent")),
        ("I", "HS", Period(None, date(2026, 3, 1)), ("retrospective", "retrospective", "retrospective")),
        ("4", "HS", AFTER, ("prior", "prior", "concurrent")),
        ("4", "HS", None, ("prior", "prior", "concurrent")),
        ("4", "AR", UNDER_WAY, ("retrospective", "retrospective", "concurrent")),
        ("4", "AR", BEFORE, ("retrospective", "retrospective", "retrospective")),
        ("1", "HS", AFTER, ("expedited-appeal", "expedited-appeal", "expedited-appeal")),
        ("2", "AR", BEFORE, ("appeal", "appeal", "appeal")),
        ("N", "SC", AFTER, ("reconsideration", "reconsideration", "reconsideration")),
    ],
)
def test_codes_and_days_give_the_type(
    certification: str | None, kind: str | None, days: Period | None, types: tuple[str, str, str]
) -> None:
    item = item_of(certification_type=certification, request_type=kind, serviced=days)
    by_record = (Before.NOTHING, Before.WAITING, Before.GRANTED)
    assert tuple(type_of(item, TODAY, before=before) for before in by_record) == types


@pytest.mark.parametrize("kind", ["AR", "SC", None])
def test_no_code_of_the_sender_hides_that_other_drugs_come_first(kind: str | None) -> None:
    assert type_of(item_of(request_type=kind, serviced=AFTER), TODAY, stepped=True) == "step-therapy"


def test_each_item_of_a_request_has_its_own_type() -> None:
    request = typed(request_of(item_of(serviced=BEFORE), item_of(sequence=2, request_type="SC")), TODAY)
    assert [item.type for item in request.items] == [AuthorizationType.RETROSPECTIVE, AuthorizationType.REFERRAL]
