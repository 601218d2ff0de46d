import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.access.grant import Grant, Role
from app.access.reach import OWNER, PATIENT, PAYER, REACH, Reach, reach_of
from app.adapters.memory import MemoryDocuments
from app.fhir.outcome import Fault, FhirError
from app.ports import Document, Insert, Replace, Term
from app.records.kinds import SERVED, TERM_TABLE, history, terms_of
from app.records.paging import Page, page_token
from app.records.resources import next_version, read, row, search, version_of, vread
from app.search.parameters import parse_search
from app.workflow.changes import version_rows

NOW = datetime(2026, 3, 1, 10, 0, 0, 250_000, tzinfo=UTC)
BASE = "https://payer.example.org/fhir"

CLINIC = reach_of(Grant("ehr", Role.PROVIDER, organizations=("clinic",)))
OTHER = reach_of(Grant("ehr-b", Role.PROVIDER, organizations=("other",)))
MEMBER = reach_of(Grant("app", Role.PATIENT, patient="p1"))
STAFF = reach_of(Grant("desk", Role.REVIEWER, payers=frozenset({"payer-a"})))
NOBODY = Reach({})


def access(owner: str = "clinic", patient: str = "p1", payer: str = "payer-a") -> tuple[Term, ...]:
    return ((PAYER, payer), (OWNER, owner), (PATIENT, patient))


def claim(id_: str, created: str = "2026-03-01", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Claim", "id": id_, "status": "active", "use": "claim", "created": created, **more}


async def stored(*documents: Document) -> MemoryDocuments:
    store = MemoryDocuments()
    await store.start(TERM_TABLE)
    await store.commit(*map(Insert, documents))
    return store


async def found(store: MemoryDocuments, reach: Reach, type_: str, *params: tuple[str, str]) -> Page:
    return await search(store, reach, parse_search(type_, params, base_url=BASE, lenient=False))


async def ids(store: MemoryDocuments, reach: Reach, type_: str, *params: tuple[str, str]) -> list[str]:
    return [document.id for document in (await found(store, reach, type_, *params)).documents]


def test_a_row_is_served_with_its_version_and_time_and_keeps_decimals() -> None:
    resource = claim(
        "c1", total={"value": Decimal("10.00")}, meta={"profile": ["http://example.org/p"], "versionId": "9"}
    )
    document = row(resource, access=access(), now=NOW)
    body = json.loads(document.body)
    assert body["meta"] == {
        "profile": ["http://example.org/p"],
        "versionId": "1",
        "lastUpdated": "2026-03-01T10:00:00.250Z",
    }
    assert list(body)[:3] == ["resourceType", "id", "meta"]
    assert '"value":10.00' in document.body
    assert resource["meta"]["versionId"] == "9"
    assert set(access()) <= set(document.terms)


@pytest.mark.parametrize(
    ("created", "key"),
    [
        ("2026-02-01", "2026-02-01T00:00:00.000000C"),
        ("2026-02-01T10:00:00-05:00", "2026-02-01T15:00:00.000000E"),
        ("yesterday", "2026-03-01T10:00:00.250000Z"),
        (None, "2026-03-01T10:00:00.250000Z"),
    ],
)
def test_a_resource_is_ordered_by_its_created_date_or_else_by_now(created: Any, key: str) -> None:
    document = row(claim("c1", created), access=(), now=NOW)
    assert document.created == key
    assert TERM_TABLE.created(document) == key


async def test_a_new_version_replaces_the_old_one_which_can_still_be_read() -> None:
    first = row({"resourceType": "Coverage", "id": "v1", "dependent": "1"}, access=access(), now=NOW)
    store = await stored(first)
    later = NOW + timedelta(hours=1)
    version = next_version(first, {"resourceType": "Coverage", "id": "v1", "dependent": "2"}, later)
    await store.commit(*version_rows(version))
    current = await read(store, CLINIC, "Coverage", "v1")
    assert json.loads(current.body)["meta"]["versionId"] == "2"
    assert (current.version, current.created, current.updated > first.updated) == (2, first.created, True)
    assert set(access()) <= set(current.terms)
    assert (await vread(store, CLINIC, "Coverage", "v1", "1")).body == first.body
    assert (await vread(store, CLINIC, "Coverage", "v1", "2")).body == current.body


async def test_adding_a_reader_to_a_resource_makes_no_new_version() -> None:
    first = row({"resourceType": "Coverage", "id": "v1"}, access=access(), now=NOW)
    store = await stored(first)
    await store.commit(Replace(replace(first, terms=(*first.terms, (OWNER, "other")))))
    opened = await read(store, OTHER, "Coverage", "v1")
    assert (opened.version, version_of(opened)) == (2, 1)
    assert (await vread(store, OTHER, "Coverage", "v1", "1")).body == first.body
    version = next_version(opened, {"resourceType": "Coverage", "id": "v1"}, NOW)
    await store.commit(*version_rows(version))
    assert version_of(await read(store, OTHER, "Coverage", "v1")) == 2
    assert version.past is not None
    assert version.past.id == "v1/1"


@pytest.mark.parametrize("reach", [OTHER, NOBODY, reach_of(Grant("app", Role.PATIENT, patient="p2"))])
async def test_a_resource_out_of_reach_reads_like_an_unknown_one(reach: Reach) -> None:
    store = await stored(row(claim("c1"), access=access(), now=NOW))
    refusals = []
    for id_ in ("c1", "unknown"):
        with pytest.raises(FhirError) as refused:
            await read(store, reach, "Claim", id_)
        with pytest.raises(FhirError) as refused_version:
            await vread(store, reach, "Claim", id_, "1")
        assert refused.value.issues == refused_version.value.issues
        refusals.append((refused.value.fault, refused.value.issues))
    assert refusals[0] == refusals[1]
    assert refusals[0][0] is Fault.NOT_FOUND


@pytest.mark.parametrize("version", ["2", "0", "-1", "01", "x", "1/1", "99999999999999999999"])
async def test_an_unknown_version_is_not_found(version: str) -> None:
    store = await stored(row(claim("c1"), access=access(), now=NOW))
    with pytest.raises(FhirError) as refused:
        await vread(store, CLINIC, "Claim", "c1", version)
    assert refused.value.fault is Fault.NOT_FOUND


@pytest.mark.parametrize(
    ("reach", "seen"), [(CLINIC, ["c1"]), (OTHER, ["c2"]), (MEMBER, ["c2", "c1"]), (STAFF, ["c1"]), (NOBODY, [])]
)
async def test_a_search_finds_and_counts_only_resources_in_reach(reach: Reach, seen: list[str]) -> None:
    store = await stored(
        row(claim("c1", "2026-01-01"), access=access(), now=NOW),
        row(claim("c2", "2026-01-02"), access=access(owner="other", payer="payer-b"), now=NOW),
        row(claim("c3", "2026-01-03"), access=access(owner="third", patient="p3", payer="payer-c"), now=NOW),
    )
    page = await found(store, reach, "Claim", ("_total", "accurate"), ("status", "active"))
    assert [document.id for document in page.documents] == seen
    assert page.total == len(seen)


async def test_a_number_is_found_however_it_was_written_and_is_typed() -> None:
    store = await stored(
        row(claim("c1", insurance=[{"preAuthRef": ["sp-0123 4567-8"]}]), access=access(), now=NOW),
        row(claim("c2", insurance=[{"preAuthRef": ["---"]}]), access=access(), now=NOW),
    )
    for typed in ("SP012345678", "sp 0123/4567.8", "other,SP-012345678"):
        assert await ids(store, CLINIC, "Claim", ("pre-auth-ref", typed)) == ["c1"]
    assert await ids(store, CLINIC, "Claim", ("pre-auth-ref", "SP012345679")) == []


async def test_conditions_dates_and_ids_hold_together() -> None:
    store = await stored(
        row(claim("c1", "2026-01-01", patient={"reference": "Patient/p1"}), access=access(), now=NOW),
        row(claim("c2", "2026-02-01", patient={"reference": "Patient/p1"}), access=access(), now=NOW),
        row(claim("c3", "2026-03-01", patient={"reference": "Patient/p2"}), access=access(), now=NOW),
    )
    assert await ids(store, CLINIC, "Claim", ("patient", "p1"), ("created", "ge2026-02")) == ["c2"]
    assert await ids(store, CLINIC, "Claim", ("created", "ge2026-01-15"), ("created", "lt2026-03-01")) == ["c2"]
    assert await ids(store, CLINIC, "Claim", ("_id", "c3,c1"), ("_sort", "created")) == ["c1", "c3"]
    assert await ids(store, CLINIC, "Claim", ("_lastUpdated", "2026-03-01")) == ["c3", "c2", "c1"]
    assert await ids(store, CLINIC, "Claim", ("_lastUpdated", "gt2026-03-01")) == []
    assert await ids(store, CLINIC, "Claim", ("status", "http://example.org|active")) == []


async def test_members_are_found_by_the_beginning_of_a_name_birthdate_and_system() -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "Ångström"}],
        "birthDate": "1980-05-01",
        "identifier": [{"system": "http://example.org/members", "value": "M1"}],
    }
    store = await stored(row(patient, access=access(), now=NOW))
    for name, value in [
        ("family", "ANG"),
        ("birthdate", "1980"),
        ("identifier", "http://example.org/members|"),
        ("identifier", "M1"),
    ]:
        assert await ids(store, CLINIC, "Patient", (name, value)) == ["p1"]
        assert await ids(store, OTHER, "Patient", (name, value)) == []
    assert await ids(store, CLINIC, "Patient", ("birthdate", "1981")) == []


async def test_the_directory_is_listed_without_any_condition() -> None:
    organization = {"resourceType": "Organization", "id": "o1", "name": "Example Clinic"}
    store = await stored(row(organization, access=((PAYER, "payer-a"),), now=NOW))
    assert await ids(store, CLINIC, "Organization") == ["o1"]
    assert await ids(store, MEMBER, "Organization", ("name", "example c")) == ["o1"]


async def test_pages_follow_each_other_without_gap_or_overlap_while_others_write() -> None:
    store = await stored(*(row(claim(f"c{n}", f"2026-01-{n // 2 + 1:02}"), access=access(), now=NOW) for n in range(9)))
    seen: list[str] = []
    params = [("_count", "4")]
    while True:
        page = await found(store, CLINIC, "Claim", *params)
        seen += [document.id for document in page.documents]
        if page.next is None:
            break
        params = [("_count", "4"), ("_page", page_token(page.next))]
        await store.commit(Insert(row(claim(f"new{len(seen)}", "2026-12-01"), access=access(), now=NOW)))
    assert seen == [f"c{n}" for n in reversed(range(9))]


async def test_a_full_last_page_has_no_next_one() -> None:
    store = await stored(*(row(claim(f"c{n}"), access=access(), now=NOW) for n in range(4)))
    page = await found(store, CLINIC, "Claim", ("_count", "4"), ("_sort", "-_lastUpdated"))
    assert (len(page.documents), page.next, page.total) == (4, None, None)


async def test_pages_by_last_change_go_on_from_the_last_change() -> None:
    store = await stored(*(row(claim(f"c{n}"), access=access(), now=NOW + timedelta(hours=n)) for n in range(3)))
    page = await found(store, CLINIC, "Claim", ("_count", "2"), ("_sort", "_lastUpdated"))
    assert page.next is not None
    params = [("_sort", "_lastUpdated"), ("_page", page_token(page.next))]
    assert await ids(store, CLINIC, "Claim", *params) == ["c2"]


async def test_a_count_of_zero_asks_for_the_total_only() -> None:
    store = await stored(*(row(claim(f"c{n}"), access=access(), now=NOW) for n in range(3)))
    assert await found(store, CLINIC, "Claim", ("_count", "0")) == Page((), None, 3)


async def test_a_total_beyond_the_cap_is_not_given() -> None:
    store = await stored(*(row(claim(f"c{n}"), access=access(), now=NOW) for n in range(3)))
    asked = parse_search("Claim", [("_total", "accurate")], base_url=BASE, lenient=False)
    assert (await search(store, CLINIC, asked, total_cap=2)).total is None
    assert (await search(store, CLINIC, asked, total_cap=3)).total == 3


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "!!!",
        "é",
        base64.urlsafe_b64encode(b'["a"]').decode(),
        base64.urlsafe_b64encode(b"[1,2]").decode(),
        "A" * 600,
    ],
)
async def test_an_invalid_page_token_is_rejected(token: str) -> None:
    with pytest.raises(FhirError) as refused:
        await found(await stored(), CLINIC, "Claim", ("_page", token))
    assert refused.value.fault is Fault.PARAMETER


def test_documents_that_are_not_served_keep_their_terms() -> None:
    document = Document("ledger", "a", "not json", (("claim", "C1"),))
    assert TERM_TABLE.terms(document) == document.terms


@pytest.mark.parametrize(("type_", "to_all"), [("Claim", ()), ("Organization", (("_type", "Organization"),))])
def test_earlier_versions_have_only_the_terms_of_their_readers(type_: str, to_all: tuple[Term, ...]) -> None:
    document = Document(history(type_), "a/1", "not json", (("number", "SP1"), *access()))
    assert TERM_TABLE.terms(document) == (*to_all, *access())


def test_reindexing_computes_terms_from_the_body_and_keeps_the_readers() -> None:
    document = row(claim("c1", patient={"reference": "Patient/p1"}), access=access(), now=NOW)
    stale = replace(document, terms=(("color", "red"), *access()))
    assert set(TERM_TABLE.terms(stale)) == set(document.terms)


@pytest.mark.parametrize("type_", SERVED)
def test_a_type_that_some_roles_list_completely_has_a_catch_all_term(type_: str) -> None:
    everything = None in REACH[type_].values()
    assert (("_type", type_) in terms_of({"resourceType": type_, "id": "x"}, ())) == everything
