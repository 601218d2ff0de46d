"""The figures of a report add up, request by request."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics.counted import CountedRequest, Result
from app.domain.metrics.figures import FIGURES
from app.domain.metrics.report import CountedBy, Measured, Report, Span, Tally
from app.domain.metrics.scope import Exclusion
from app.domain.urgency import Urgency

START = datetime(2026, 1, 1, 15, tzinfo=UTC)
SPAN = Span("payer", date(2026, 1, 1), date(2026, 12, 31), START)


def request(result: Result | None = Result.APPROVED, hours: float = 0, **changes: Any) -> CountedRequest:
    determined = None if result is None else START + timedelta(hours=hours)
    lines = () if result is None else (result,)
    facts = {"id": "request", "received": START, "result": result, "determined": determined, "lines": lines, **changes}
    return CountedRequest(**facts)


def report(*requests: CountedRequest) -> Report:
    tally = Tally(SPAN)
    for one in requests:
        tally.add(one)
    return tally.report()


def figure(report: Report, key: str) -> Measured:
    [found] = [measured for measured in report.figures if measured.key == key]
    return found


def test_the_median_of_an_even_number_is_between_the_two_in_the_middle() -> None:
    times = figure(report(request(hours=1), request(hours=2), request(hours=4), request(hours=9)), "standard-time")
    assert (times.denominator, times.mean, times.median) == (4, 4 * 3600, 3 * 3600)


def test_without_a_request_a_figure_has_no_percentage_and_no_time() -> None:
    empty = report()
    assert figure(empty, "standard-approved").percent is None
    assert figure(empty, "standard-time").mean is None


def test_a_time_has_no_percentage() -> None:
    assert figure(report(request()), "standard-time").percent is None


def test_a_percentage_has_two_decimals() -> None:
    rows = [request(), request(), request(Result.DENIED)]
    assert figure(report(*rows), "standard-approved").percent == 66.67


def test_the_calendar_of_the_payer_decides_the_day() -> None:
    span = Span("payer", date(2026, 1, 1), date(2026, 1, 1), START)
    late = request(received=datetime(2026, 1, 2, 4, tzinfo=UTC))
    assert not span.includes(late)
    assert span.includes(request(received=datetime(2026, 1, 2, 4, tzinfo=UTC), zone="America/New_York"))


def test_a_request_that_waits_is_in_no_period_of_determinations() -> None:
    span = Span("payer", date(2026, 1, 1), date(2026, 12, 31), START, CountedBy.DETERMINED)
    assert not span.includes(request(None))
    assert span.includes(request())


REQUESTS = st.builds(
    request,
    result=st.none() | st.sampled_from(Result),
    hours=st.floats(0, 1000),
    urgency=st.sampled_from(Urgency),
    exclusion=st.none() | st.sampled_from(Exclusion),
    extended=st.booleans(),
    late=st.booleans(),
    imported=st.booleans(),
    appealed=st.booleans(),
    after_appeal=st.none() | st.sampled_from(Result),
)


@given(st.lists(REQUESTS))
def test_every_request_is_counted_once_or_excluded_once(requests: list[CountedRequest]) -> None:
    found = report(*requests)
    assert found.counted + sum(found.excluded.values()) == found.requests == len(requests)
    for urgency in Urgency:
        parts = [figure(found, f"{urgency}-{key}") for key in ("approved", "partly-approved", "denied")]
        waiting = figure(found, f"{urgency}-pending")
        assert len({part.denominator for part in parts}) == 1
        assert sum(part.numerator for part in parts) == parts[0].denominator
        assert parts[0].denominator + waiting.numerator == waiting.denominator


@given(REQUESTS)
def test_a_request_in_a_numerator_is_in_its_denominator(one: CountedRequest) -> None:
    for row in FIGURES:
        assert row.denominator(one) >= row.numerator(one)


@given(st.lists(REQUESTS))
def test_the_order_of_the_requests_changes_no_count(requests: list[CountedRequest]) -> None:
    counts = [
        [(row.key, row.numerator, row.denominator) for row in report(*order).figures]
        for order in (requests, requests[::-1])
    ]
    assert counts[0] == counts[1]
