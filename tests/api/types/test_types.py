"""The type of a request is in its record, in the stored answer and in the Task, and a search finds it."""

from __future__ import annotations

import pytest

from app.codes import AUTHORIZATION_TYPE
from app.conformance.admission import base_validator
from app.conformance.strictness import Level
from tests.api.reading import actions
from tests.api.types.typed_items import found_by_type, stay, stored, typed_item, types_of
from tests.api.updating import added, changed, sent, submitted, update_of
from tests.api.worklist.worklist import listed, task
from tests.support.samples import Json, request_bundle, request_item
from tests.support.server import Server

PLANNED = ("2026-01-05", "2026-01-31")
LATE = ("2025-12-20", "2025-12-28")


@pytest.mark.parametrize(
    ("item", "type_", "words"),
    [
        (typed_item("72148", 2, PLANNED), "prior", None),
        (stay(7, "2026-01-11"), "pre-certification", "Pre-certification of an admission."),
        (typed_item("72148", 2, LATE), "retrospective", "Retrospective review of a service that has begun."),
        (typed_item("72148", 2, PLANNED, kind="SC"), "referral", "Referral to a specialist."),
    ],
    ids=["prior", "pre-certification", "retrospective", "referral"],
)
async def test_the_answer_and_the_task_show_the_type_and_a_search_finds_it(
    server: Server, item: Json, type_: str, words: str | None
) -> None:
    answer = await submitted(server, request_bundle(items=[item]))
    assert (actions(answer), answer.get("disposition"), types_of(answer)) == ({1: "A4"}, words, [])
    response = await stored(server, answer["id"])
    assert (types_of(response), response.get("disposition")) == ([type_], words)
    work = await task(server, answer["id"])
    assert types_of(work) == [type_]
    assert base_validator().validate(work, level=Level.STRICT) == ()
    for resource, client in (("ClaimResponse", "ehr-a"), ("ClaimResponse", "reviewer"), ("Task", "reviewer")):
        assert await found_by_type(server, resource, type_, client) == [answer["id"]]
        assert await found_by_type(server, resource, "step-therapy", client) == []


async def test_a_request_with_items_of_two_types_is_found_by_both(server: Server) -> None:
    late = {**typed_item("72148", 2, LATE), "sequence": 2}
    answer = await submitted(server, request_bundle(items=[request_item(1), late]))
    assert types_of(await stored(server, answer["id"])) == ["prior", "retrospective"]
    for type_ in ("prior", "retrospective"):
        assert await found_by_type(server, "ClaimResponse", type_, "ehr-a") == [answer["id"]]


async def test_an_unchanged_item_that_waits_keeps_its_type_when_its_days_pass(server: Server) -> None:
    waits = typed_item("72148", 2, PLANNED)
    first = sent([waits])
    response = (await submitted(server, first))["id"]
    server.clock.move(days=60)
    late = {**typed_item("72148", 2, LATE), "sequence": 2}
    await submitted(server, update_of(first, [waits, added(late)]))
    assert types_of(await task(server, response)) == ["prior", "retrospective"]


async def test_a_changed_item_gets_the_type_of_its_day(server: Server) -> None:
    waits = typed_item("72148", 2, PLANNED)
    first = sent([waits])
    response = (await submitted(server, first))["id"]
    server.clock.move(days=10)
    await submitted(server, update_of(first, [changed(waits, quantity={"value": 3, "unit": "units"})]))
    assert types_of(await stored(server, response)) == ["concurrent"]
    assert [row["id"] for row in await listed(server, "authorization-type=concurrent")] == [response]


async def test_a_foreign_organization_finds_nothing_by_type(server: Server) -> None:
    await submitted(server, request_bundle(items=[typed_item("72148", 2, LATE)]))
    assert await found_by_type(server, "ClaimResponse", "retrospective", "ehr-b") == []


async def test_the_server_serves_the_definition_of_the_type(server: Server) -> None:
    name = AUTHORIZATION_TYPE.rpartition("/")[2]
    assert (await server.get(f"/StructureDefinition/{name}")).json()["url"] == AUTHORIZATION_TYPE
