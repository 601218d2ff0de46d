"""The figures of a payer and a year: items decided, and items decided late."""

from __future__ import annotations

from app.workflow.audit.timeliness import Timeliness, timeliness_of
from app.workflow.due.perform import perform_due
from tests.api.reviewing import decide, pended, ruling
from tests.api.updating import MRI, THERAPY, cancelled, sent, submitted, update_of
from tests.support.samples import inquiry_bundle, request_bundle, request_item
from tests.support.server import Server


async def figures(server: Server, year: int = 2026, payer: str = "sample-payer") -> Timeliness:
    return await timeliness_of(server.system.documents, payer, year)


async def test_decisions_of_rules_and_of_persons_count_once(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle())
    response = await pended(server, identifier="R-2", items=[request_item(1, "72148", 2), request_item(2, "62323", 1)])
    assert await figures(server) == Timeliness(decided=1)
    await decide(server, response, ruling(1), **{"If-Match": "*"})
    server.clock.move(days=8)
    await perform_due(server.system)
    assert await figures(server) == Timeliness(decided=2, breached=1)
    await decide(server, response, ruling(2, "deny", reason="not-medically-necessary"), **{"If-Match": "*"})
    await server.post("/Claim/$inquire", inquiry_bundle())
    assert await figures(server) == Timeliness(decided=3, late=1, breached=1)


async def test_a_withdrawn_item_is_not_decided(server: Server) -> None:
    request = sent([MRI])
    await submitted(server, request)
    await submitted(server, update_of(request, [cancelled(MRI)]))
    assert await figures(server) == Timeliness()


async def test_a_late_item_counts_in_its_own_change_only(server: Server) -> None:
    request = sent([THERAPY, MRI])
    response = (await submitted(server, request))["id"]
    server.clock.move(days=8)
    await decide(server, response, ruling(2), **{"If-Match": "*"})
    await submitted(server, update_of(request, [cancelled(THERAPY), MRI]))
    assert await figures(server) == Timeliness(decided=2, late=1)


async def test_other_years_and_payers_have_their_own_figures(server: Server) -> None:
    await server.post("/Claim/$submit", request_bundle())
    assert await figures(server, 2025) == await figures(server, payer="second-payer") == Timeliness()
