"""Dates of every precision, compared as R4 says: an oracle of its own words, and the same answer from every store.

http://hl7.org/fhir/R4/search.html#prefix
"""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fhir.instants import interval, placed
from app.ports import AnyOf, Document, Documents, Insert, Query, Range, TermTable
from app.search.dates import PREFIXES, spans
from tests.store.places import TABLE, MemoryPlace, MongoPlace, SqlitePlace

STORED = (
    "2025",
    "2025-12",
    "2025-12-31",
    "2025-12-31T23:59:59Z",
    "2026",
    "2026-01",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.5Z",
    "2026-02-28",
    "2026-02-28T23:59:00-01:00",
    "2026-02",
    "2026-12",
    "2026-12-31",
    "2026-12-31T23:59:59.999999Z",
    "2027",
)
ASKED = (*STORED, "2026-01-01T00:00", "2024-02-29", "2028-01-01T12:00:00.123456Z")


def holds(prefix: str, asked: str, stored: str) -> bool:
    """Compare two dates by the words of the specification."""
    low, high = interval(asked)
    first, end = interval(stored)
    contains = low <= first and end <= high
    return {
        "eq": contains,
        "ne": not contains,
        "gt": end > high,
        "lt": first < low,
        "ge": end > high or contains,
        "le": first < low or contains,
        "sa": first >= high,
        "eb": end <= low,
    }[prefix]


def fits(prefix: str, asked: str, stored: str) -> bool:
    return any(
        (low is None or low <= placed(stored)) and (high is None or placed(stored) < high)
        for low, high in spans(prefix, asked)
    )


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Draw dates of every precision that are near each other."""
    moment = draw(st.datetimes(datetime(2025, 11, 1), datetime(2026, 3, 1)) | st.sampled_from([datetime(2026, 1, 1)]))  # noqa: DTZ001 - a zone is drawn
    text = moment.isoformat(timespec="microseconds")
    length = draw(st.sampled_from([4, 7, 10, 19, 21, 23, 26]))
    zone = draw(st.sampled_from(["Z", "+05:30", "-08:00"])) if length > 10 else ""
    return text[:length] + zone


@given(prefix=st.sampled_from(PREFIXES), asked=dates(), stored=dates())
def test_a_prefix_compares_two_dates_as_the_specification_requires(prefix: str, asked: str, stored: str) -> None:
    assert fits(prefix, asked, stored) is holds(prefix, asked, stored)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("asked", ASKED)
def test_every_precision_is_compared_with_every_other(prefix: str, asked: str) -> None:
    found = [stored for stored in STORED if fits(prefix, asked, stored)]
    assert found == [stored for stored in STORED if holds(prefix, asked, stored)]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("asked", ["2026-01-01T00:00:00Z", "2026-01", "2026"])
def test_moments_are_compared_without_regard_to_wider_dates(prefix: str, asked: str) -> None:
    moments = [date for date in STORED if placed(date).endswith("Z")] + ["2026-01-01T00:00:00.000000Z"]
    for stored in moments:
        within = [
            (low is None or low <= placed(stored)) and (high is None or placed(stored) < high)
            for low, high in spans(prefix, asked, of_instants=True)
        ]
        assert any(within) is holds(prefix, asked, stored)


@pytest.mark.parametrize("descending", [False, True])
async def test_every_store_finds_dates_of_every_precision(store: Documents, *, descending: bool) -> None:
    rows = [Document("Claim", date, "", (("all", "x"), ("born", placed(date))), placed(date), "u") for date in STORED]
    await store.commit(*map(Insert, rows))
    for prefix in PREFIXES:
        for asked in ASKED:
            (low, high), *others = spans(prefix, asked)
            expected = sorted((date for date in STORED if holds(prefix, asked, date)), key=placed, reverse=descending)
            for name in ("created", "born"):
                limits = Range(name, low, high, tuple(others))
                query = Query("Claim", (AnyOf("all", ("x",)),), (limits,), descending=descending, limit=100)
                assert [one.id for one in await store.find(query)] == expected, (prefix, asked, name)
                assert await store.count(query, 100) == len(expected)


async def test_two_ranges_of_the_order_both_hold(store: Documents) -> None:
    rows = [Document("Claim", date, "", (("all", "x"),), placed(date), "u") for date in STORED]
    await store.commit(*map(Insert, rows))
    for first in PREFIXES:
        for second in PREFIXES:
            expected = {d for d in STORED if holds(first, "2026-01-01", d) and holds(second, "2026-02-28", d)}
            ranges = []
            for prefix, asked in ((first, "2026-01-01"), (second, "2026-02-28")):
                (low, high), *others = spans(prefix, asked)
                ranges.append(Range("created", low, high, tuple(others)))
            query = Query("Claim", (AnyOf("all", ("x",)),), tuple(ranges), limit=100)
            assert {one.id for one in await store.find(query)} == expected, (first, second)


async def test_dates_stored_as_moments_are_found_as_the_dates_that_they_are(
    place: MemoryPlace | SqlitePlace | MongoPlace,
) -> None:
    documents = place.documents()
    await documents.start(TABLE)
    rows = [Document("Claim", date, date, (("all", "x"),), placed(date)[:-1] + "Z", "u") for date in STORED]
    await documents.commit(*map(Insert, rows))
    await documents.close()

    again = place.documents()
    await again.start(TermTable("dates", lambda document: document.terms, lambda document: placed(document.body)))
    for descending in (False, True):
        found = await again.find(Query("Claim", (AnyOf("all", ("x",)),), descending=descending))
        assert [one.id for one in found] == sorted(STORED, key=placed, reverse=descending)
        assert {one.id: one.created for one in found} == {date: placed(date) for date in STORED}
    await again.close()
