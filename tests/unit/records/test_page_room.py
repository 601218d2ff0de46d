"""A page ends before its text grows too large: of a search, with its includes, and of a history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.access.grant import Grant, Role
from app.access.reach import OWNER, reach_of
from app.adapters.memory import MemoryDocuments
from app.ports import Insert
from app.records import history
from app.records.include import with_included
from app.records.kinds import TERM_TABLE
from app.records.paging import ENTRY_BYTES, Page, page_token
from app.records.resources import next_version, row, search, version_of
from app.search.history import HistoryQuery
from app.search.parameters import parse_search
from app.workflow.changes import version_rows

BASE = "https://payer.example.org/fhir"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
CLINIC = reach_of(Grant("ehr", Role.PROVIDER, organizations=("clinic",)))
OWN = ((OWNER, "clinic"),)

Json = dict[str, Any]


def with_text(resource: Json, size: int) -> Json:
    return {**resource, "text": {"status": "generated", "div": "x" * size}}


def claim(number: int, size: int) -> Json:
    return with_text({"resourceType": "Claim", "id": f"c{number}", "created": f"2026-01-{number + 1:02}"}, size)


def response(number: int, size: int, patient: int = 0) -> Json:
    found = {"resourceType": "ClaimResponse", "id": f"r{number}", "created": f"2026-02-{number + 1:02}"}
    references = {"request": {"reference": f"Claim/c{number}"}, "patient": {"reference": f"Patient/p{patient}"}}
    return with_text(found | references, size)


async def stored(*resources: Json) -> MemoryDocuments:
    store = MemoryDocuments()
    await store.start(TERM_TABLE)
    await store.commit(*(Insert(row(resource, access=OWN, now=NOW)) for resource in resources))
    return store


async def pages(store: MemoryDocuments, type_: str, room: int, *params: tuple[str, str]) -> list[tuple[str, str]]:
    """Follow a search to its end; returns the ids of the matches and of what came with them, a pair a page."""
    found: list[tuple[str, str]] = []
    page: Page | None = None
    while page is None or page.next is not None:
        following = [] if page is None or page.next is None else [("_page", page_token(page.next))]
        asked = parse_search(type_, [*params, *following], base_url=BASE, lenient=False)
        page, beside = await with_included(store, CLINIC, asked, await search(store, CLINIC, asked, room=room), room)
        assert len(page.documents) <= 1 or sum(one.size for one in (*page.documents, *beside)) <= room
        found.append((" ".join(one.id for one in page.documents), " ".join(sorted(one.id for one in beside))))
        assert len(found) < 20
    return found


async def test_a_page_of_a_search_ends_before_it_grows_too_large() -> None:
    store = await stored(*(claim(number, size) for number, size in enumerate([10, 2000, 10, 9000, 10, 10])))
    room = 3000 + 4 * ENTRY_BYTES
    assert await pages(store, "Claim", room, ("_sort", "created")) == [("c0 c1 c2", ""), ("c3", ""), ("c4 c5", "")]
    assert await pages(store, "Claim", room, ("_sort", "created"), ("_count", "2")) == [
        ("c0 c1", ""),
        ("c2", ""),
        ("c3", ""),
        ("c4 c5", ""),
    ]


async def test_a_large_last_match_has_no_next_page() -> None:
    assert await pages(await stored(claim(0, 9000)), "Claim", 1000) == [("c0", "")]


async def test_a_page_with_large_included_resources_has_fewer_matches() -> None:
    sizes = [10, 10, 4000, 10, 9000]
    claims = [claim(number, size) for number, size in enumerate(sizes)]
    store = await stored(*claims, *(response(number, 10) for number in range(5)))
    asked = [("_sort", "created"), ("_include", "ClaimResponse:request")]
    found = await pages(store, "ClaimResponse", 6000 + 6 * ENTRY_BYTES, *asked)
    assert " ".join(matches for matches, _ in found) == "r0 r1 r2 r3 r4"
    for matches, beside in found:
        assert beside.replace("c", "r") == matches
    assert found[-1] == ("r4", "c4")


async def test_resources_that_refer_to_the_matches_count_too() -> None:
    store = await stored(*(claim(n, 10) for n in range(4)), *(response(n, 2500) for n in range(4)))
    asked = [("_sort", "created"), ("_revinclude", "ClaimResponse:request")]
    found = await pages(store, "Claim", 6000 + 6 * ENTRY_BYTES, *asked)
    assert found == [("c0 c1", "r0 r1"), ("c2 c3", "r2 r3")]


async def versions(sizes: list[int]) -> MemoryDocuments:
    store = await stored(claim(0, sizes[0]))
    for number, size in enumerate(sizes[1:], 1):
        current = await store.get("Claim", "c0")
        assert current is not None
        version = next_version(current, claim(0, size), NOW + timedelta(hours=number))
        await store.commit(*version_rows(version))
    return store


async def histories(store: MemoryDocuments, room: int, *, of_type: bool) -> list[list[int]]:
    found: list[list[int]] = []
    token: str | None = None
    while token is not None or not found:
        asked = HistoryQuery(count=4, page=token)
        page = (
            await history.of_type(store, CLINIC, "Claim", asked, room=room)
            if of_type
            else await history.of_instance(store, CLINIC, "Claim", "c0", asked, room=room)
        )
        assert len(page.documents) == 1 or sum(one.size for one in page.documents) <= room
        found.append([version_of(one) for one in page.documents])
        token = None if page.next is None else page_token(page.next)
        assert len(found) < 20
    return found


async def test_a_page_of_a_history_ends_before_it_grows_too_large() -> None:
    store = await versions([10, 10, 2500, 10, 9000, 10, 10, 10, 10, 10])
    room = 3000 + 6 * ENTRY_BYTES
    expected = [[10, 9, 8, 7], [6], [5], [4, 3, 2, 1]]
    assert await histories(store, room, of_type=False) == expected
    assert await histories(store, room, of_type=True) == expected


async def test_a_history_of_large_versions_has_a_page_for_each() -> None:
    store = await versions([9000] * 3)
    for of_type in (False, True):
        assert await histories(store, 1000, of_type=of_type) == [[3], [2], [1]]
