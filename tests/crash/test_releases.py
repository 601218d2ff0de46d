"""A decision in its grace period survives the kill of its server, and is released once by one of the next two."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.api.reading import actions
from tests.api.review.terms import GRACE, policies_under
from tests.api.reviewing import NEW, Json, ruling
from tests.support.listener import Listener, listening
from tests.support.process import ServerProcess, bearer, server_process
from tests.support.samples import request_bundle, request_item
from tests.support.subscribing import subscription

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("crash")]

ROOT = "http://preauth.test"
SETTINGS = {"requestor_match": "any", "base_url": ROOT}
AFTER_THE_GRACE_PERIOD = 20 * 60


def post(folder: Path, server: ServerProcess, client: str, path: str, body: Json, **headers: str) -> Json:
    sent = {"Authorization": bearer(folder, client, ROOT), "Content-Type": "application/fhir+json", **headers}
    answer = httpx.post(server.url + path, json=body, headers=sent, trust_env=False, timeout=60)
    assert answer.is_success, answer.text
    found: Json = answer.json()
    return found


def test_a_killed_server_loses_no_release_and_two_others_release_once(tmp_path: Path) -> None:
    policies = policies_under(tmp_path, GRACE)
    settings = {**SETTINGS, "policy": policies}
    with listening() as listener, server_process(tmp_path, **settings) as first:
        wanted = subscription("org-identifier=8189991234", channel={"endpoint": listener.url})
        id_ = str(post(tmp_path, first, "ehr-a", "/Subscription", wanted)["id"])
        listener.wait(lambda: listener.of_kind("handshake") != [])
        decided = [decide(tmp_path, first, number) for number in range(5)]
        assert {actions(answer)[1] for answer in decided} == {"A4"}
        first.kill()
        assert listener.numbers(id_) == []
        later = {**settings, "clock_offset": AFTER_THE_GRACE_PERIOD}
        with server_process(tmp_path, **later), server_process(tmp_path, **later):
            listener.wait(lambda: len(listener.numbers(id_)) >= len(decided))
    assert sorted(set(listener.numbers(id_))) == list(range(1, len(decided) + 1))
    assert released(listener) == {str(answer["id"]): "A1" for answer in decided}


def decide(folder: Path, server: ServerProcess, number: int) -> Json:
    bundle = request_bundle(identifier=f"R-{number}", items=[request_item(code="72148", quantity=2)])
    response = post(folder, server, "ehr-a", "/Claim/$submit", bundle)["entry"][0]["resource"]["id"]
    body = {"resourceType": "Parameters", "parameter": [ruling()]}
    return post(folder, server, "reviewer", f"/ClaimResponse/{response}/$decide", body, **NEW)


def released(listener: Listener) -> dict[str, str]:
    """Return the review actions in the notifications, by the id of the answer."""
    bundles = [event["entry"][1]["resource"] for event in listener.of_kind("event-notification")]
    answers = [bundle["entry"][0]["resource"] for bundle in bundles]
    return {str(answer["id"]): actions(answer)[1] for answer in answers}
