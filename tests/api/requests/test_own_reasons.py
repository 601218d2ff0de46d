"""The reasons and clocks beside a payer's policy: its answers use them, and the answers of other payers do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.policy.loading import SHIPPED_POLICIES, load_policies
from tests.api.reading import action, answered, issues, notes
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import billing_claim, request_bundle, request_item
from tests.support.server import Server, serving, shipped_system

REASONS = """
review:
  medical-necessity:
    kind: pend
    code: "0V"
    text: Our nurse reads the request. She decides within five days.
    administrative: false
  waived:
    kind: deny
    code: null
    text: The member waived this benefit. Ask the member for the waiver.
    administrative: true
adjudication:
  number-malformed:
    group: CO
    carc: "16"
    remarks: ["M62"]
    text: This is no number of ours.
    action: contact
    next-step: Call us.
"""


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Server]:
    folder = tmp_path / "policies"
    folder.mkdir()
    for name in ("sample-payer.yaml", "sample-payer.cases.yaml"):
        (folder / name).write_bytes((SHIPPED_POLICIES / name).read_bytes())
    (folder / "reasons.yaml").write_text(REASONS, encoding="utf-8")
    (folder / "clocks.yaml").write_text("standard: {within: P5D, source: State law}\n", encoding="utf-8")
    async with serving(tmp_path, policies={**shipped_system().payers, **load_policies(folder)}) as server:
        yield server


async def test_a_pended_item_has_the_payers_own_text_and_due_time(own: Server) -> None:
    bundle = request_bundle(items=[request_item(code="72148", quantity=2)])
    response = answered(await own.post("/Claim/$submit", bundle))
    texts = notes(response, response["item"][0])
    assert texts[0] == "Our nurse reads the request. She decides within five days."
    assert texts[-1] == "A decision is due by 2026-01-06T15:00:00.000Z."


async def test_another_payer_keeps_the_shipped_text_and_due_time(own: Server) -> None:
    bundle = request_bundle(items=[request_item(code="72148", quantity=1)], payer="1666666668")
    response = answered(await own.post("/Claim/$submit", bundle))
    texts = notes(response, response["item"][0])
    assert texts[0].startswith("The service needs a review.")
    assert texts[-1] == "A decision is due by 2026-01-08T15:00:00.000Z."


async def test_a_reviewer_denies_for_a_reason_of_the_payers_own(own: Server) -> None:
    response = await pended(own)
    refused = await decide(own, response, ruling(1, "deny", reason="unheard-of"))
    assert "waived" in issues(refused)[0]["details"]["text"]
    changed = (await decide(own, response, ruling(1, "deny", reason="waived"))).json()
    assert action(changed["item"][0]) == "A3"
    assert notes(changed, changed["item"][0])[0] == "The member waived this benefit. Ask the member for the waiver."


async def test_a_bill_is_denied_with_the_payers_own_text(own: Server) -> None:
    await own.post("/Claim/$submit", request_bundle())
    bill = await own.post("/Claim/$submit", billing_claim(number="PA0000000000"), "biller")
    texts = [note["text"] for note in bill.json()["processNote"]]
    assert any(text.startswith("This is no number of ours. Call us.") for text in texts), texts
