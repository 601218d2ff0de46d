"""A document without a request is held for its organization, until a request names its number."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import NPI, attach, note, parameters, receipt
from tests.api.reading import Json, actions, answered
from tests.api.refusing import everything
from tests.api.updating import MRI, renamed, update_of
from tests.support.samples import concept, extension, request_bundle, request_item, supporting_document
from tests.support.server import Server

INJECTION = [request_item(code="62323", quantity=1, period=("2026-12-01", "2027-01-29"))]
"""Approved where a progress note comes with it, and pended otherwise."""

HELD = "No request of your organization has this number yet."


def announcing(number: str, **changes: Any) -> Json:
    """Build a request that announces a document under a control number."""
    about = extension(
        "extension-documentInformation",
        extension=[
            {"url": "reportTypeCode", "valueCodeableConcept": concept("https://codesystem.x12.org/005010/755", "15")},
            {"url": "controlNumber", "valueString": number},
        ],
    )
    information = supporting_document("") | {"valueReference": {"display": "The note follows"}}
    return request_bundle(
        items=changes.pop("items", INJECTION),
        claim={"supportingInfo": [{**information, "extension": [about]}]},
        **changes,
    )


def kinds(server: Server) -> list[str]:
    return sorted(kind for kind, _ in everything(server) if kind in {"attachment", "held"})


async def test_a_document_that_came_first_counts_for_the_request_that_names_its_number(server: Server) -> None:
    assert receipt(await attach(server, parameters("ACN-1", note()))).startswith(HELD)
    assert kinds(server) == ["attachment", "held"]
    response = await server.post("/Claim/$submit", announcing("ACN-1"))
    assert actions(answered(response)) == {1: "A1"}
    assert kinds(server) == ["attachment"]


async def test_a_request_names_the_number_of_a_document_that_follows(server: Server) -> None:
    response = await server.post("/Claim/$submit", announcing("ACN-1", items=[MRI]))
    assert len(control_numbers(response)) == 1
    assert "all documents" in receipt(await attach(server, parameters("ACN-1", note())))
    assert kinds(server) == ["attachment"]


@pytest.mark.parametrize(
    "changes",
    [
        {"MemberId": {"valueIdentifier": {"value": "M002"}}},
        {"PayerId": {"valueIdentifier": {"system": NPI, "value": "1666666668"}}},
        {"TrackingId": {"valueIdentifier": {"value": "ACN-2"}}},
    ],
)
async def test_a_held_document_of_another_member_payer_or_number_does_not_count(server: Server, changes: Json) -> None:
    sent = await attach(server, parameters("ACN-1", note(), **changes))
    assert receipt(sent).startswith(HELD)
    response = await server.post("/Claim/$submit", announcing("ACN-1"))
    assert actions(answered(response)) == {1: "A4"}
    assert kinds(server) == ["attachment", "held"]


async def test_a_held_document_of_another_organization_does_not_count(server: Server) -> None:
    await attach(server, parameters("ACN-1", note()), "ehr-b")
    response = await server.post("/Claim/$submit", announcing("ACN-1"))
    assert actions(answered(response)) == {1: "A4"}


@pytest.mark.parametrize("found", ["tracking", "case"])
async def test_the_number_of_another_organization_is_answered_as_an_unknown_one(server: Server, found: str) -> None:
    [number] = control_numbers(await server.post("/Claim/$submit", request_bundle(items=[MRI])))
    case: Json = {"AdminRefNumber": {"valueIdentifier": {"value": number.partition("-")[0]}}}
    body = parameters(number, note()) if found == "tracking" else parameters("ACN-5", note(), **case)
    foreign = await attach(server, body, "ehr-b")
    unknown = await attach(server, parameters("SPXXXXXXXXX-2-11506-3", note()), "ehr-b")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert kinds(server) == ["attachment", "held", "held"]


async def test_a_repeated_document_is_held_once(server: Server) -> None:
    for _ in range(2):
        assert receipt(await attach(server, parameters("ACN-1", note()))).startswith(HELD)
    assert kinds(server) == ["attachment", "held"]


async def test_a_document_held_under_two_numbers_stays_for_the_second(server: Server) -> None:
    for number in ("ACN-1", "ACN-2"):
        await attach(server, parameters(number, note()))
    assert kinds(server) == ["attachment", "held", "held"]
    for number in ("ACN-1", "ACN-2"):
        response = await server.post("/Claim/$submit", announcing(number, identifier=number))
        assert actions(answered(response)) == {1: "A1"}
    assert kinds(server) == ["attachment"]


async def test_an_update_counts_the_attachments_of_the_request(server: Server) -> None:
    first = renamed(request_bundle(items=[MRI]), 1)
    [number] = control_numbers(await server.post("/Claim/$submit", first))
    await attach(server, parameters(number, note()))
    changed = {**MRI, "quantity": {**MRI["quantity"], "value": 1}}
    response = await server.post("/Claim/$submit", update_of(first, [changed]))
    assert control_numbers(response) == []


async def test_a_document_without_a_request_is_dropped_after_ninety_days(server: Server) -> None:
    for number in ("ACN-1", "ACN-2"):
        await attach(server, parameters(number, note()))
    await attach(server, parameters("ACN-3", note(b"Another note.")))
    server.clock.move(days=89)
    await attach(server, parameters("ACN-2", note(b"A third note.")))
    assert kinds(server).count("held") == 4
    server.clock.move(days=2)
    assert receipt(await attach(server, parameters("ACN-4", note()))).startswith(HELD)
    assert kinds(server) == ["attachment"] * 2 + ["held"] * 4
    assert receipt(await attach(server, parameters("ACN-5", note(b"A fourth note.")))).startswith(HELD)
    assert kinds(server) == ["attachment"] * 3 + ["held"] * 3
    response = await server.post("/Claim/$submit", announcing("ACN-2"))
    assert actions(answered(response)) == {1: "A1"}
