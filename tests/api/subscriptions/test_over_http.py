"""The whole way over real HTTP: subscribe, handshake, decide, notification."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.api.reviewing import NEW, ruling
from tests.support.listener import listening
from tests.support.process import bearer, server_process
from tests.support.samples import request_bundle, request_item
from tests.support.subscribing import SECRET, subscription

NPI = "8189991234"


def test_the_decision_of_a_pended_request_arrives_at_the_endpoint(tmp_path: Path) -> None:
    with listening() as listener, server_process(tmp_path, requestor_match="any") as server:
        ehr, reviewer = (
            httpx.Client(
                base_url=server.url,
                headers={"Authorization": bearer(tmp_path, client), "Content-Type": "application/fhir+json"},
                trust_env=False,
            )
            for client in ("ehr-a", "reviewer")
        )
        with ehr, reviewer:
            wanted = subscription(f"org-identifier={NPI}", channel={"endpoint": listener.url})
            created = ehr.post("/Subscription", json=wanted)
            assert created.status_code == 201, created.text
            listener.wait(lambda: listener.of_kind("handshake") != [])
            bundle = request_bundle(items=[request_item(code="72148", quantity=2)])
            answer = ehr.post("/Claim/$submit", json=bundle).json()["entry"][0]["resource"]
            body = {"resourceType": "Parameters", "parameter": [ruling()]}
            decided = reviewer.post(f"/ClaimResponse/{answer['id']}/$decide", json=body, headers=NEW)
            assert decided.status_code == 200, decided.text
            listener.wait(lambda: listener.numbers(created.json()["id"]) == [1])
    headers, notification = listener.arrived[-1]
    assert (headers["Authorization"], headers["Content-Type"]) == (SECRET, "application/fhir+json")
    focus = notification["entry"][1]
    assert focus["resource"]["type"] == "collection"
    assert focus["resource"]["entry"][0]["resource"]["preAuthRef"] == decided.json()["preAuthRef"]
