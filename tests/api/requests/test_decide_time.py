"""The days of a reviewer's grant, and the answer if they are fewer than requested."""

from __future__ import annotations

from tests.api.reading import action, actions, extension, issues, notes
from tests.api.reviewing import decide, pended, ruling
from tests.support.samples import request_item
from tests.support.server import Server


async def test_less_time_than_requested_is_modified_with_the_reason_and_both_periods(server: Server) -> None:
    response = await pended(server)
    changed = (await decide(server, response, ruling(1, start="2026-12-10", end="2027-01-31"))).json()
    [item], [added] = changed["item"], changed["addItem"]
    assert (action(item), action(added)) == ("A6", "A6")
    assert changed["preAuthPeriod"] == {"start": "2026-12-10", "end": "2027-01-31"}
    assert added["servicedPeriod"] == changed["preAuthPeriod"]
    requested = extension(item, "extension-itemRequestedServiceDate")["valuePeriod"]
    assert requested == {"start": "2026-12-01", "end": "2027-02-28"}
    reason, first, last, *_ = notes(changed, item)
    assert reason.startswith("A shorter time than requested is authorized.")
    assert (first, last) == (
        "Authorized from 2026-12-10; requested from 2026-12-01.",
        "Authorized until 2027-01-31; requested until 2027-02-28.",
    )


async def test_a_grant_starts_on_the_day_of_receipt_even_if_it_is_decided_later(server: Server) -> None:
    response = await pended(server, items=[request_item(code="72148", quantity=2, period=("2025-12-20", "2026-01-20"))])
    server.clock.move(days=5)
    late = (await decide(server, response, ruling())).json()
    assert (actions(late), late["preAuthPeriod"]) == ({1: "A6"}, {"start": "2026-01-01", "end": "2026-01-20"})


async def test_a_service_before_receipt_is_granted_in_total_if_the_reviewer_gives_its_start(server: Server) -> None:
    response = await pended(server, items=[request_item(code="72148", quantity=2, period=("2025-12-20", "2025-12-20"))])
    refused = await decide(server, response, ruling())
    assert "The ruling must give `start`" in issues(refused)[0]["details"]["text"]
    decided = (await decide(server, response, ruling(start="2025-12-20"))).json()
    assert (actions(decided), decided["preAuthPeriod"]) == ({1: "A1"}, {"start": "2025-12-20", "end": "2025-12-20"})


async def test_a_grant_without_an_end_needs_a_duration(server: Server) -> None:
    response = await pended(server, items=[request_item(code="72148", quantity=2, period=None)])
    refused = await decide(server, response, ruling())
    assert refused.status_code == 422
    assert issues(refused)[0]["expression"] == ["Parameters.parameter[0]"]
    decided = await decide(server, response, ruling(1, **{"for": "P10D"}))
    assert decided.json()["preAuthPeriod"] == {"start": "2026-01-01", "end": "2026-01-10"}
