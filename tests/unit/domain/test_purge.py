"""When a record is purged: after the last service and the last change, never earlier than the law allows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from app.domain.authorization import Authorization, PolicyVersion
from app.domain.decision import ReviewAction
from app.domain.due.purge import last_service, purge_acts
from app.domain.parts.retention import LegalHold, RetentionTerms
from app.domain.parts.statements import Stay
from app.domain.span import Span
from app.records.authorizations import row
from app.records.upgrade import read_authorization
from tests.support.billing_samples import authorization, item, on

CHANGED = datetime(2026, 2, 10, 12, tzinfo=UTC)
TERMS = RetentionTerms(Span.parse("P3Y"), Span.parse("P2Y"))


def kept(*items: object, terms: RetentionTerms | None = TERMS, **fields: object) -> Authorization:
    policy = PolicyVersion("policy", "digest", retention=terms)
    made = authorization(*(items or (item(),)), **{"updated": CHANGED, **fields})  # type: ignore[arg-type]
    return replace(made, policy=policy)


def purged_on(record: Authorization) -> date | None:
    return next((act.at.date() for act in purge_acts(record)), None)


def test_both_times_must_have_passed() -> None:
    assert purged_on(kept()) == date(2029, 4, 1)
    later = kept(updated=datetime(2028, 7, 3, tzinfo=UTC))
    assert purged_on(later) == date(2030, 8, 1)


@pytest.mark.requirement("pas-2.2.1/spec-73")
def test_terms_below_the_legal_ones_do_not_count() -> None:
    short = RetentionTerms(Span.parse("P1D"), Span.parse("P1D"))
    assert purged_on(kept(terms=short)) == date(2027, 3, 1)
    long_service = kept(item(granted={"period": on("2026-01-01", "2028-12-31")}), terms=short)
    assert purged_on(long_service) == date(2029, 8, 1)


@pytest.mark.parametrize(
    "record",
    [
        kept(terms=None),
        kept(hold=LegalHold("litigation", CHANGED, "admin")),
        kept(item(), item(sequence=2, action=ReviewAction.PENDED)),
        kept(item(granted={"period": replace(on("2026-01-01"), end=None)})),
    ],
)
def test_a_record_that_must_stay_is_never_due(record: Authorization) -> None:
    assert purge_acts(record) == ()


def test_the_last_service_is_the_last_day_of_all_services() -> None:
    assert last_service(kept()) == date(2026, 3, 31)
    assert last_service(kept(item(serviced=on("2026-01-01", "2026-06-30")))) == date(2026, 6, 30)
    assert last_service(kept(stay=Stay(discharge=date(2026, 5, 1)))) == date(2026, 5, 1)
    denied = item(action=ReviewAction.NOT_CERTIFIED, decided=date(2026, 1, 8))
    assert last_service(kept(denied)) == date(2026, 1, 8)


def test_a_service_at_the_end_of_time_is_kept() -> None:
    forever = kept(item(granted={"period": on("2026-01-01", "9999-12-31")}))
    assert purged_on(forever) == date(9999, 12, 1)


def test_changes_of_one_month_keep_the_day() -> None:
    days = {purged_on(kept(updated=datetime(2029, 4, day, tzinfo=UTC))) for day in range(2, 31)}
    assert days == {date(2031, 5, 1)}


def test_terms_and_hold_survive_the_store() -> None:
    record = kept(hold=LegalHold("litigation", CHANGED, "admin"))
    assert read_authorization(row(record).body) == record
