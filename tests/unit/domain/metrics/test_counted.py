"""The acts on a request give one row: received, decided, extended, appealed, or left out for a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.codes import CPT, HCPCS, NDC
from app.domain.decision import ReviewAction
from app.domain.metrics.act import LoggedAct, LoggedItem, LoggedRequest
from app.domain.metrics.counted import CountedRequest, Result, counted
from app.domain.metrics.scope import Exclusion
from app.domain.parts.authorization_type import AuthorizationType
from app.domain.parts.origin import Channel
from app.domain.urgency import Urgency

START = datetime(2026, 1, 1, 15, tzinfo=UTC)
THERAPY = f"{CPT}|97110"
A1, A3, A4, A6 = (
    ReviewAction.CERTIFIED,
    ReviewAction.NOT_CERTIFIED,
    ReviewAction.PENDED,
    ReviewAction.MODIFIED,
)
STANDARD = LoggedRequest(Urgency.STANDARD)


def logged(action: ReviewAction, line: str = "1", **changes: Any) -> LoggedItem:
    return LoggedItem(line, action, **{"service": THERAPY, **changes})


def act(*items: LoggedItem | ReviewAction, hours: float = 0, request: LoggedRequest | None = STANDARD) -> LoggedAct:
    lines = tuple(item if isinstance(item, LoggedItem) else logged(item, str(n)) for n, item in enumerate(items, 1))
    return LoggedAct("request", START + timedelta(hours=hours), f"act-{hours}", lines, request)


@pytest.mark.parametrize(
    ("actions", "result"),
    [
        ((A1,), Result.APPROVED),
        ((A1, A1), Result.APPROVED),
        ((A6,), Result.PARTLY_APPROVED),
        ((A1, A3), Result.PARTLY_APPROVED),
        ((A3, A3), Result.DENIED),
        ((A1, A4), None),
        ((A4,), None),
    ],
)
def test_the_result_of_a_request_follows_from_its_lines(
    actions: tuple[ReviewAction, ...], result: Result | None
) -> None:
    row = counted([act(*actions)])
    assert (row.result, row.exclusion, row.determined is None) == (result, None, result is None)


def test_the_first_determination_counts_although_updates_follow() -> None:
    acts = [act(A4), act(A1, hours=5), act(A1, A4, hours=6), act(A3, A3, hours=9)]
    row = counted(acts)
    assert (row.result, row.seconds, row.act, row.lines) == (Result.APPROVED, 5 * 3600, "act-5", (Result.APPROVED,))


def test_a_request_is_decided_with_its_last_line() -> None:
    row = counted([act(A1, A4), act(A1, A3, hours=2)])
    assert (row.result, row.seconds) == (Result.PARTLY_APPROVED, 2 * 3600)


def test_the_urgency_and_the_extension_are_those_at_the_determination() -> None:
    urgent = LoggedRequest(Urgency.EXPEDITED, extended=True)
    row = counted([act(A4), act(A4, hours=1, request=urgent), act(A1, hours=2, request=urgent), act(A1, hours=3)])
    assert (row.urgency, row.extended) == (Urgency.EXPEDITED, True)


@pytest.mark.parametrize(
    ("item", "exclusion"),
    [
        (logged(A1, type=AuthorizationType.RETROSPECTIVE), Exclusion.RETROSPECTIVE),
        (logged(A1, service=f"{HCPCS}|J1745"), Exclusion.DRUG),
        (logged(A1, service=f"{NDC}|0001"), Exclusion.DRUG),
        (logged(A1, type=AuthorizationType.APPEAL), Exclusion.APPEAL),
        (logged(ReviewAction.NOT_REQUIRED), Exclusion.NOT_REQUIRED),
        (logged(ReviewAction.FORWARDED), Exclusion.DELEGATED),
        (logged(ReviewAction.CANCELLED), Exclusion.WITHDRAWN),
        (logged(A1, type=AuthorizationType.CONCURRENT), None),
        (logged(A1, service=f"{HCPCS}|E0601"), None),
    ],
)
def test_a_request_is_left_out_for_the_reason_of_its_items(item: LoggedItem, exclusion: Exclusion | None) -> None:
    assert counted([act(item)]).exclusion == exclusion


def test_one_item_that_counts_keeps_its_request_in_the_figures() -> None:
    row = counted([act(logged(A4, service=f"{HCPCS}|J1745"), logged(A1, "2"))])
    assert (row.exclusion, row.result, row.lines) == (None, Result.APPROVED, (Result.APPROVED,))


def test_a_request_that_is_withdrawn_after_its_decision_counts() -> None:
    row = counted([act(A1), act(logged(ReviewAction.CANCELLED), hours=4)])
    assert (row.exclusion, row.result) == (None, Result.APPROVED)


def test_a_request_without_items_was_refused() -> None:
    assert counted([act()]).exclusion is Exclusion.REFUSED


def test_an_act_of_an_earlier_release_has_no_facts_to_count() -> None:
    assert counted([act(A1, request=None)]).exclusion is Exclusion.EARLIER_RELEASE


@pytest.mark.parametrize(
    ("channel", "exclusion"), [(Channel.FORMER_PAYER, Exclusion.FORMER_PAYER), (Channel.FAX, None)]
)
def test_an_imported_decision_counts_without_a_time_unless_a_former_payer_made_it(
    channel: Channel, exclusion: Exclusion | None
) -> None:
    row = counted([act(A1, request=LoggedRequest(Urgency.STANDARD, channel=channel))])
    assert (row.exclusion, row.result, row.seconds) == (exclusion, Result.APPROVED, None)


def test_an_act_that_decides_nothing_changes_no_row() -> None:
    purged = LoggedAct("request", START + timedelta(days=900), "purge")
    assert counted([act(A1), purged]) == counted([act(A1)])


def appeal(result: Result | None, after: Result | None = None) -> CountedRequest:
    return CountedRequest(id="appeal", received=START, result=result, after_appeal=after)


@pytest.mark.parametrize(
    ("appeals", "best"),
    [
        ([], None),
        ([appeal(None)], None),
        ([appeal(Result.DENIED)], Result.DENIED),
        ([appeal(Result.DENIED), appeal(Result.APPROVED)], Result.APPROVED),
        ([appeal(Result.DENIED, Result.PARTLY_APPROVED)], Result.PARTLY_APPROVED),
    ],
)
def test_the_best_result_of_all_appeals_counts(appeals: list[CountedRequest], best: Result | None) -> None:
    row = counted([act(A3)], appeals)
    assert (row.appealed, row.after_appeal) == (bool(appeals), best)
