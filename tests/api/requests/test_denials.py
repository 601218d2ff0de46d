"""A denial, in whole or in part: its notes have the criterion, the day and the appeal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import actions, answered, notes
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_bundle, request_item
from tests.support.server import Server

EXCLUDED = request_item(code="A9270", quantity=1)
APPEAL = (
    "The last day to appeal {} is {}. "
    "Write to Sample Payer, Appeals, 1 Example Street, Albany NY 12207, or upload the appeal in the provider portal. "
    "If waiting could harm the patient, call 1-800-555-0100 for an answer within 72 hours."
)


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_the_notes_of_a_denial_say_why_since_when_and_how_to_appeal(server: Server, base: str) -> None:
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[EXCLUDED]), base=base))
    assert actions(response) == {1: "A3"}
    reason, decided, appeal = notes(response, response["item"][0])
    assert reason.startswith("The member's plan does not cover this service")
    assert decided == "Decided on 2026-01-01 under: Items that no plan covers (Sample Payer Benefit Booklet 2.4)."
    assert appeal == APPEAL.format("the denial", "2026-03-07")


async def test_the_denied_part_of_an_item_may_be_appealed(server: Server) -> None:
    item = request_item(code="97110", quantity=20)
    response = answered(await server.post("/Claim/$submit", request_bundle(items=[item])))
    assert actions(response) == {1: "A6"}
    *_, decided, appeal = notes(response, response["item"][0])
    assert decided.startswith("Decided on 2026-01-01 under: Physical therapy is authorized for at most twelve units")
    assert appeal == APPEAL.format("the part that is not authorized", "2026-03-07")


@pytest.mark.parametrize("action", ["deny", "partly-certify"])
async def test_a_reviewers_denial_names_the_rule_that_pended_the_item(server: Server, action: str) -> None:
    response = await pended(server)
    server.clock.move(days=2)
    parts: dict[str, Any] = {"reason": "not-medically-necessary"}
    if action == "partly-certify":
        parts = {"quantity": 1, "reason": "fewer-units", "for": "P30D"}
    changed = (await decide(server, response, ruling(1, action, **parts))).json()
    *_, decided, appeal = notes(changed, changed["item"][0])
    assert decided == (
        "Decided on 2026-01-03 under: More than one lumbar MRI needs review (Sample Payer Medical Policy 7.1)."
    )
    assert "2026-03-09" in appeal
