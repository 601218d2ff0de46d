"""A service that is already granted or pending is not authorized twice, where a rule of the payer looks for it."""

from __future__ import annotations

from typing import Any

from tests.api.reading import action, answered, notes
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server

SURGERY = "58150"


async def actions_of(server: Server, **changes: Any) -> list[str]:
    response = answered(await server.post("/Claim/$submit", request_bundle(**changes)))
    return [action(item) for item in response["item"]]


def surgery(day: str = "2026-12-01") -> list[dict[str, Any]]:
    return [request_item(code=SURGERY, quantity=1, period=(day, day))]


async def test_a_second_request_for_the_same_service_is_denied_as_a_duplicate(server: Server) -> None:
    assert await actions_of(server, items=surgery(), identifier="REQ-1") == ["A1"]
    response = answered(await server.post("/Claim/$submit", request_bundle(items=surgery(), identifier="REQ-2")))
    (item,) = response["item"]
    assert action(item) == "A3"
    assert "An earlier request covers the same service and dates. Inquire about that request instead." in " ".join(
        notes(response, item)
    )


async def test_the_same_service_in_other_days_or_for_another_member_is_authorized(server: Server) -> None:
    assert await actions_of(server, items=surgery(), identifier="REQ-1") == ["A1"]
    later = surgery("2027-06-01")
    assert await actions_of(server, items=later, identifier="REQ-2") == ["A1"]
    assert await actions_of(server, items=surgery(), identifier="REQ-3", member="M002") == ["A1"]


async def test_a_service_that_no_rule_limits_may_be_requested_again(server: Server) -> None:
    for number in range(2):
        assert await actions_of(server, items=[request_item()], identifier=f"REQ-{number}") == ["A1"]
