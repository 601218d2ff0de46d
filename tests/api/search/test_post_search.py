"""A search by a posted form finds the same as a search by address, and no address has a value of the form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.api.reading import answered, issues, resources
from tests.support.samples import billing_claim, request_bundle
from tests.support.server import ROOT, Server

Json = dict[str, Any]

FORM = "application/x-www-form-urlencoded"


async def post(server: Server, path: str, form: Any, client: str = "ehr-a", **headers: str) -> httpx.Response:
    body = form if isinstance(form, bytes | str) else urlencode(form)
    return await server.post(path, body, client, **{"Content-Type": FORM, **headers})


async def found(server: Server, path: str, form: Any, client: str = "ehr-a") -> Json:
    answer = await post(server, path, form, client)
    assert answer.status_code == 200, answer.text
    bundle: Json = answer.json()
    assert bundle["type"] == "searchset"
    return bundle


def ids(bundle: Json) -> list[str]:
    return [one["id"] for one in resources(bundle)]


async def submitted(server: Server, *numbers: int, client: str = "ehr-a") -> None:
    for number in numbers:
        body = request_bundle(identifier=f"{client}-{number}", member=f"M00{1 + number % 2}")
        assert (await server.post("/Claim/$submit", body, client)).status_code == 200
        server.clock.move(minutes=1)


async def test_a_form_and_a_url_with_equal_parameters_find_equal_resources(server: Server) -> None:
    await submitted(server, 0, 1, 2)
    for query in ("use=preauthorization", "identifier=ehr-a-1,ehr-a-2&_sort=created", "_count=0", "_id=unknown"):
        by_address = (await server.get(f"/Claim?{query}")).json()
        by_form = await found(server, "/Claim/_search", query)
        assert ids(by_form) == ids(by_address)
        assert by_form.get("total") == by_address.get("total")


async def test_the_parameters_of_url_and_form_are_combined(server: Server) -> None:
    await submitted(server, 0, 1)
    assert len(ids(await found(server, "/Claim/_search", {"use": "preauthorization"}))) == 2
    both = await found(server, "/Claim/_search?use=preauthorization", {"identifier": "ehr-a-0"})
    assert len(ids(both)) == 1
    assert ids(await found(server, "/Claim/_search?use=claim", {"identifier": "ehr-a-0"})) == []
    assert len(ids(await found(server, "/Claim/_search?identifier=ehr-a-0", ""))) == 1


@pytest.mark.parametrize("type_", ["Claim", "ClaimResponse", "Coverage", "Patient", "Organization", "Practitioner"])
async def test_every_type_is_searched_by_a_form_within_the_callers_reach(server: Server, type_: str) -> None:
    await submitted(server, 0, client="ehr-a")
    await submitted(server, 1, client="ehr-b")
    for client in ("ehr-a", "ehr-b", "patient-1", "reviewer-2"):
        by_address = (await server.get(f"/{type_}?_total=accurate", client)).json()
        by_form = await found(server, f"/{type_}/_search", {"_total": "accurate"}, client)
        assert (ids(by_form), by_form["total"]) == (ids(by_address), by_address["total"])


async def test_numbers_and_identifiers_stay_out_of_every_url(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle(identifier="REQ-77")))
    await server.post("/Claim", billing_claim(number=granted["preAuthRef"]), "biller")
    form = {"pre-auth-ref": granted["preAuthRef"], "identifier:missing": "x", "_count": "1"}
    assert (await post(server, "/ClaimResponse/_search", form)).status_code == 400
    del form["identifier:missing"]
    bundle = await found(server, "/ClaimResponse/_search", form)
    by_name = {link["relation"]: link["url"] for link in bundle["link"]}
    assert by_name["self"] == f"{ROOT}/fhir/ClaimResponse/_search"
    assert by_name["next"].startswith(f"{ROOT}/fhir/ClaimResponse/_search?_page=")
    assert by_name["next"].count("=") == 1
    in_address = await found(server, "/Claim/_search?identifier=REQ-77", {"use": "preauthorization", "_count": "1"})
    assert in_address["link"] == [{"relation": "self", "url": f"{ROOT}/fhir/Claim/_search"}]


async def test_the_next_link_takes_the_form_again(server: Server) -> None:
    await submitted(server, *range(5))
    form = {"use": "preauthorization", "_count": "2", "_sort": "created"}
    path, seen = "/Claim/_search", []
    for _ in range(3):
        bundle = await found(server, path, form)
        seen += ids(bundle)
        [*following] = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
        path = following[0].removeprefix(f"{ROOT}/fhir") if following else ""
    assert path == ""
    assert seen == ids((await server.get("/Claim?_sort=created")).json())


async def test_a_next_link_without_the_parameters_that_it_comes_from_is_refused(server: Server) -> None:
    await submitted(server, *range(3))
    bundle = await found(server, "/Claim/_search?use=preauthorization", {"_count": "1"})
    path = next(link["url"] for link in bundle["link"] if link["relation"] == "next").removeprefix(f"{ROOT}/fhir")
    assert len(ids(await found(server, path, {"_count": "1", "use": "preauthorization"}))) == 1
    for forgetful in ({"_count": "1"}, {"use": "preauthorization"}, {}):
        refused = await post(server, path, forgetful)
        assert refused.status_code == 400
        assert "must repeat all parameters" in issues(refused)[0]["details"]["text"]
    assert (await server.get(path)).status_code == 405
    assert (await server.get(path.replace("/_search", ""))).status_code == 400
    by_address = (await server.get("/Claim?_count=1")).json()
    token = next(link["url"] for link in by_address["link"] if link["relation"] == "next").rpartition("=")[2]
    assert (await post(server, f"/Claim/_search?_page={token}", {"_count": "1"})).status_code == 400


async def test_a_lenient_search_by_form_names_the_ignored_parameters(server: Server) -> None:
    await submitted(server, 0)
    answer = await post(server, "/Claim/_search", {"color": "red"}, Prefer="handling=lenient")
    modes = [entry["search"]["mode"] for entry in answer.json()["entry"]]
    assert modes == ["match", "outcome"]
    assert answer.json()["link"] == [{"relation": "self", "url": f"{ROOT}/fhir/Claim/_search"}]


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ("use=claim", {"Content-Type": "application/fhir+json"}, 415),
        ("use=claim", {"Content-Type": ""}, 415),
        ("use=claim", {"Content-Encoding": "gzip"}, 415),
        ("use=claim", {"Content-Type": f"{FORM}; charset=utf-8"}, 200),
        ("identifier=" + "1" * 70_000, {}, 413),
        ("use=claim", {"Content-Length": "70000"}, 413),
        ("&".join(["use=claim"] * 51), {}, 400),
        ("identifier=%ff", {}, 400),
        (b"identifier=\xff", {}, 400),
        ("identifier=Ölander".encode(), {}, 200),
        ("_format=xml", {}, 406),
        ("_format=application/fhir%2Bjson", {}, 200),
        ("color=red", {"Prefer": "handling=lenient"}, 200),
        ("color=red", {}, 400),
        ("", {}, 200),
    ],
)
async def test_a_body_that_is_not_a_form_of_search_parameters_is_rejected(
    server: Server, form: str | bytes, headers: dict[str, str], status: int
) -> None:
    answer = await post(server, "/Claim/_search", form, **headers)
    assert answer.status_code == status, answer.text
    shown = [] if status == 200 else issues(answer)
    assert bool(shown) == (status != 200)


async def test_a_form_needs_a_token_that_covers_a_search(server: Server) -> None:
    answer = await server.http.post("/fhir/Claim/_search", headers={"Content-Type": FORM})
    assert answer.status_code == 401
