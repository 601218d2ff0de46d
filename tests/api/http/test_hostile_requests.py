"""Requests that try to take long or to break the server: each gets an answer, or a 4xx with the reason."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.reading import answered
from tests.api.refusing import refused
from tests.support.samples import Json, entry, organization, patient, request_bundle
from tests.support.server import Server

URN = "urn:uuid:6a1c2b1e-3a52-4dd0-9a7f-0f2b8a9d1c11"
CLINIC = 1
JUNK: tuple[Any, ...] = (None, 7, True, "x", [], [[]], {}, [None], {"a": []})


def clinic(name: str, part_of: str) -> Json:
    written = organization("profile-requestor", "1987654328", "X3", "A clinic") | {"id": name}
    return entry(f"Organization/{name}", written | {"partOf": {"reference": f"Organization/{part_of}"}})


def in_a_circle() -> Json:
    sent = request_bundle(entries=[clinic("a", "b"), clinic("b", "a")])
    sent["entry"][CLINIC]["resource"]["partOf"] = {"reference": "Organization/a"}
    return sent


def in_a_long_chain() -> Json:
    links = [clinic(f"o{number}", f"o{number + 1}") for number in range(450)]
    sent = request_bundle(entries=links)
    sent["entry"][CLINIC]["resource"]["partOf"] = {"reference": "Organization/o0"}
    return sent


def of_450_entries() -> Json:
    return request_bundle(entries=[entry(f"Patient/p{number}", patient()) for number in range(450)])


@pytest.mark.parametrize("body", [in_a_circle, in_a_long_chain, of_450_entries])
async def test_many_resources_and_references_are_visited_once(server: Server, body: Callable[[], Json]) -> None:
    assert answered(await server.post("/Claim/$submit", body()))["outcome"] == "complete"


def twice_the_same_url() -> Json:
    sent = request_bundle()
    return sent | {"entry": [*sent["entry"], sent["entry"][-1]]}


def one_guid_for_two() -> Json:
    sent = request_bundle()
    for one in sent["entry"][1:3]:
        one["fullUrl"] = URN
    return sent


def a_guid_that_is_none() -> Json:
    sent = request_bundle()
    sent["entry"][CLINIC]["fullUrl"] = "urn:uuid:clinic-1"
    return sent


def a_bundle_of_bundles() -> Json:
    sent = request_bundle()
    return sent | {"entry": [{"fullUrl": URN, "resource": sent}]}


@pytest.mark.parametrize("body", [twice_the_same_url, one_guid_for_two, a_guid_that_is_none, a_bundle_of_bundles])
async def test_resources_that_cannot_be_distinguished_are_rejected(server: Server, body: Callable[[], Json]) -> None:
    assert (await refused(server, "/Claim/$submit", body())).status == 422


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("path", ["/Claim/$submit", "/Claim/$inquire"])
async def test_a_wrong_json_type_anywhere_is_refused(server: Server, path: str, junk: Any) -> None:
    for number, one in enumerate(request_bundle()["entry"]):
        for name in [name for name, value in one["resource"].items() if value != junk]:
            sent = copy.deepcopy(request_bundle())
            sent["entry"][number]["resource"][name] = junk
            answer = await server.post(path, sent)
            accepted = name in {"text", "id"} or junk in ("x", True)
            assert answer.status_code in ({200, 400, 422} if accepted else {400, 422}), (number, name, answer.text)
