"""The guide's own Subscription works on a test bed: its filter names the insurer, and its endpoint is plain http."""

from __future__ import annotations

from pathlib import Path

from tests.api.reviewing import decide, pended, ruling
from tests.conformance.engine import example
from tests.support.official import needs_packages
from tests.support.server import Server, serving
from tests.support.subscribing import Endpoint, work


@needs_packages
async def test_the_published_subscription_gets_the_results_of_its_client(tmp_path: Path, endpoint: Endpoint) -> None:
    async with serving(tmp_path, notifier=endpoint, subscription_client_bound=False) as bed:
        created = await bed.post("/Subscription", example("2.2.1", "Subscription-PASSubscriptionExample"))
        assert created.status_code == 201, created.text
        bed.clock.move(seconds=2)
        await work(bed)
        response = await pended(bed)
        assert (await decide(bed, response, ruling())).status_code == 200
        await work(bed)
    assert [one.kind for one in endpoint.received] == ["handshake", "event-notification"]


@needs_packages
async def test_the_published_subscription_names_no_organization_of_a_bound_client(server: Server) -> None:
    refused = await server.post("/Subscription", example("2.2.1", "Subscription-PASSubscriptionExample"))
    assert refused.status_code == 403
