"""Finding by terms: the same on every store."""

from __future__ import annotations

import random
from itertools import islice

import pytest
from msgspec.structs import replace

from app.adapters.query import position
from app.ports import AnyOf, Document, Documents, Insert, Order, Query, Range, Term

P1 = AnyOf("patient", ("p1",))


def _claim(number: int, *terms: Term, created: str | None = None, updated: str | None = None) -> Document:
    at = f"2026-01-{number:02}"
    return Document("Claim", f"c{number:02}", f"{number}", (("patient", "p1"), *terms), created or at, updated or at)


async def _insert(store: Documents, *documents: Document) -> None:
    await store.commit(*map(Insert, documents))


async def _ids(store: Documents, *terms: AnyOf, ranges: tuple[Range, ...] = (), limit: int = 50) -> list[str]:
    query = Query("Claim", terms, ranges, limit=limit)
    found = [document.id for document in await store.find(query)]
    assert await store.count(query, cap=limit) == len(found)
    return found


async def test_every_condition_narrows(store: Documents) -> None:
    await _insert(
        store,
        _claim(1, ("status", "active"), ("use", "claim")),
        _claim(2, ("status", "active"), ("use", "preauthorization")),
        _claim(3, ("status", "draft"), ("use", "claim")),
        Document("Other", "c4", "", (("patient", "p1"), ("status", "active"), ("use", "claim"))),
    )

    active, claim = AnyOf("status", ("active",)), AnyOf("use", ("claim",))

    assert await _ids(store, P1) == ["c01", "c02", "c03"]
    assert await _ids(store, P1, active) == ["c01", "c02"]
    assert await _ids(store, active, P1, claim) == ["c01"]
    assert await _ids(store, claim, active, AnyOf("patient", ("p2",))) == []


async def test_one_of_several_values_is_enough_and_a_document_with_two_is_found_once(store: Documents) -> None:
    await _insert(
        store,
        _claim(1, ("identifier", "a"), ("identifier", "b"), ("status", "active"), ("status", "draft")),
        _claim(2, ("identifier", "b"), ("status", "active")),
        _claim(3, ("identifier", "c"), ("status", "draft")),
    )
    a_or_b, both = AnyOf("identifier", ("a", "b", "a", "none")), AnyOf("status", ("active", "draft"))

    assert await _ids(store, a_or_b) == ["c01", "c02"]
    assert await _ids(store, both) == ["c01", "c02", "c03"]
    assert await _ids(store, a_or_b, both) == ["c01", "c02"]
    assert await _ids(store, both, limit=2) == ["c01", "c02"]


async def test_a_term_given_twice_counts_once(store: Documents) -> None:
    document = _claim(1, ("identifier", "a"), ("identifier", "a"))
    await _insert(store, document)

    assert await _ids(store, AnyOf("identifier", ("a",))) == ["c01"]
    assert await store.get("Claim", "c01") == document


async def test_a_search_supports_more_than_five_hundred_values(store: Documents) -> None:
    await _insert(store, _claim(1, ("identifier", "700")), _claim(2, ("identifier", "none")))
    many = AnyOf("identifier", tuple(map(str, range(1000))))

    assert await _ids(store, many, P1) == ["c01"]
    assert await _ids(store, many) == ["c01"]


async def test_a_range_of_an_order_key_takes_its_low_end_and_leaves_its_high_end(store: Documents) -> None:
    await _insert(store, *(_claim(number, updated=f"2026-02-{30 - number}") for number in range(1, 6)))

    def created(low: str | None, high: str | None) -> tuple[Range, ...]:
        return (Range(Order.CREATED, low, high),)

    assert await _ids(store, P1, ranges=created("2026-01-02", "2026-01-04")) == ["c02", "c03"]
    assert await _ids(store, P1, ranges=created("2026-01-04", None)) == ["c04", "c05"]
    assert await _ids(store, P1, ranges=created(None, "2026-01-02")) == ["c01"]
    assert await _ids(store, P1, ranges=created(None, None)) == ["c01", "c02", "c03", "c04", "c05"]
    assert await _ids(store, P1, ranges=(Range("_lastUpdated", "2026-02-27", None),)) == ["c01", "c02", "c03"]


async def test_a_range_of_a_term_holds_when_one_of_its_values_is_within(store: Documents) -> None:
    await _insert(
        store,
        _claim(1, ("serviced", "2026-03-01"), ("serviced", "2026-03-31")),
        _claim(2, ("serviced", "2026-03-10")),
        _claim(3, ("servicee", "2026-03-10")),
        _claim(4, ("service", "2026-03-10")),
        _claim(5),
    )

    def serviced(low: str | None, high: str | None) -> tuple[Range, ...]:
        return (Range("serviced", low, high),)

    assert await _ids(store, P1, ranges=serviced("2026-03-05", "2026-03-20")) == ["c02"]
    assert await _ids(store, P1, ranges=serviced("2026-03-10", "2026-03-31")) == ["c02"]
    assert await _ids(store, P1, ranges=serviced("2026-03-31", None)) == ["c01"]
    assert await _ids(store, P1, ranges=serviced(None, "2026-03-10")) == ["c01"]
    assert await _ids(store, P1, ranges=serviced(None, None)) == ["c01", "c02"]
    assert await _ids(store, P1, ranges=(*serviced(None, None), Range("created", "2026-01-02", None))) == ["c02"]


async def test_text_is_compared_by_code_point(store: Documents) -> None:
    values = ["a", "Z", "é", "🩺", "\uffff", "10", "9", " "]
    await _insert(store, *(_claim(number, ("v", value), created=value) for number, value in enumerate(values, 1)))

    found = await store.find(Query("Claim", (P1,)))

    assert [document.created for document in found] == sorted(values)
    within = sorted(document.id for document in await store.find(Query("Claim", (P1,), (Range("v", "9", "é"),))))
    assert within == [f"c{number:02}" for number, value in enumerate(values, 1) if "9" <= value < "é"]


async def test_get_many_keeps_the_requested_order_and_omits_missing_documents(store: Documents) -> None:
    documents = [_claim(number) for number in range(1, 4)]
    await _insert(store, *documents)

    found = await store.get_many("Claim", ["c03", "none", "c01", "c02", "c01"])

    assert found == [documents[2], documents[0], documents[1], documents[0]]
    assert await store.get_many("Claim", []) == []
    assert await store.get_many("Never", ["c01"]) == []


async def test_a_count_goes_up_to_its_cap_and_knows_no_page(store: Documents) -> None:
    await _insert(store, *(_claim(number) for number in range(1, 8)))
    page = Query("Claim", (P1,), limit=2, after=position(_claim(3), Order.CREATED))

    assert await store.count(page, cap=100) == 7
    assert await store.count(page, cap=5) == 5
    assert await store.count(page, cap=0) == 0


async def test_a_query_that_no_document_can_match_finds_none(store: Documents) -> None:
    await _insert(store, _claim(1))

    assert await _ids(store, P1, AnyOf("status", ())) == []
    assert await _ids(store, P1, limit=0) == []
    assert await store.find(Query("Never", (P1,))) == []


async def test_a_query_without_a_term_is_refused(store: Documents) -> None:
    with pytest.raises(ValueError, match="needs at least one term"):
        await store.find(Query("Claim", ()))
    with pytest.raises(ValueError, match="needs at least one term"):
        await store.count(Query("Claim", ()), cap=1)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("terms", [(P1,), (AnyOf("half", ("0", "1")), P1)], ids=["one", "several"])
async def test_pages_follow_each_other_in_order_without_a_gap_or_a_repetition(
    store: Documents, order: Order, terms: tuple[AnyOf, ...], descending: bool
) -> None:
    many = [
        _claim(number, ("half", str(number % 2)), created=f"{number // 5}", updated=f"{number * 7 % 6}")
        for number in range(1, 24)
    ]
    await _insert(store, *random.sample(many, len(many)))
    query = Query("Claim", terms, order=order, descending=descending, limit=4)

    pages = [await store.find(query)]
    while len(pages[-1]) == query.limit:
        query = replace(query, after=position(pages[-1][-1], order))
        pages.append(await store.find(query))

    def place(document: Document) -> tuple[str, str]:
        return (document.created if order is Order.CREATED else document.updated), document.id

    assert [document for page in pages for document in page] == sorted(many, key=place, reverse=descending)
    assert len(pages) == 6


@pytest.mark.parametrize("descending", [False, True])
async def test_an_insert_between_pages_neither_repeats_nor_hides_a_row(store: Documents, descending: bool) -> None:
    before = [_claim(number) for number in range(2, 30, 2)]
    await _insert(store, *before)
    query = Query("Claim", (P1,), descending=descending, limit=3)

    seen: list[str] = []
    newcomers = iter(random.sample(range(1, 30, 2), 15))
    while page := await store.find(query):
        seen += [document.id for document in page]
        query = replace(query, after=position(page[-1], query.order))
        await _insert(store, *map(_claim, islice(newcomers, 2)))

    assert len(seen) == len(set(seen))
    assert {document.id for document in before} <= set(seen)
    assert seen == sorted(seen, reverse=descending)
