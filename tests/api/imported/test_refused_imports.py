"""An import that a payer cannot have decided is refused, with its place, and stores nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.imported.importing import NUMBER, denied, imported, on_record, reported, send, service
from tests.api.reading import Json, administration_number, answered, issues, resources, returned
from tests.api.refusing import everything
from tests.api.reviewing import pended
from tests.support.samples import RENDERING, inquiry_bundle, request_bundle
from tests.support.server import Server

BAD_NPI = "1987654321"


async def responses(server: Server) -> int:
    return len(resources((await server.get("/ClaimResponse", "admin")).json()))


@pytest.mark.parametrize(
    ("body", "place", "word"),
    [
        (reported(member="M404"), "Parameters.parameter[0]", "no member"),
        (reported(birth_date="1984-05-18"), "Parameters.parameter[1]", "birth date"),
        (reported(birth_date=None), "Parameters.parameter", "`birth-date` is required"),
        (reported(birth_date="1984"), "Parameters.parameter[1].value", "year, month and day"),
        (reported(member=None), "Parameters.parameter", "`member` is required"),
        (reported(requestor=BAD_NPI), "Parameters.parameter[2].value", "check digit"),
        (reported(requestor=None), "Parameters.parameter", "`requestor` is required"),
        (reported(channel="telepathy"), "Parameters.parameter[3].value", "phone, fax, mail, portal, vendor"),
        (reported(channel=None), "Parameters.parameter", "`channel` is required"),
        (reported(channel="vendor"), "Parameters.parameter", "`vendor` is required"),
        (reported(number=None), "Parameters.parameter", "`number` is required"),
        (reported(number="-- //"), "Parameters.parameter[4].value", "3 to 50"),
        (reported(number="N" * 51), "Parameters.parameter[4].value", "3 to 50"),
        (reported(aliases=("tel 2026 0417",)), "Parameters.parameter[5].value", "must be different"),
        (reported(decided="2026-01-02"), "Parameters.parameter[5]", "not be after today"),
        (reported(type="vehicular"), "Parameters.parameter[5].value", "professional"),
        (reported(diagnosis="back pain"), "Parameters.parameter[5].value", "ICD-10-CM"),
        (reported(items=[]), "Parameters.parameter", "at least one parameter `item`"),
        (reported(color="blue"), "Parameters.parameter[5].name", "must be one of"),
    ],
)
async def test_a_wrong_parameter_is_refused_at_its_place(server: Server, body: Json, place: str, word: str) -> None:
    await on_record(server)
    answer = await send(server, body)
    found = [(issue["expression"], issue["details"]["text"]) for issue in issues(answer)]
    assert answer.status_code == 422
    assert [text for at, text in found if at == [place] and word in text], found
    assert await responses(server) == 0


ITEM = "Parameters.parameter[5]"


@pytest.mark.parametrize(
    ("item", "place", "word"),
    [
        (service(end=None), f"{ITEM}.part", "`end` is required"),
        (service(start=None), f"{ITEM}.part", "`start` is required"),
        (service(end="2026-01-04"), ITEM, "must not end before its first day"),
        (service(place=None), f"{ITEM}.part", "`place` is required"),
        (service(place="office"), f"{ITEM}.part[2].value", "place of service"),
        (service(service=None), f"{ITEM}.part", "`service` or a part `revenue`"),
        (service(code="9711"), f"{ITEM}.part[0].value", "CPT or HCPCS"),
        (service(service={"code": "97110"}), f"{ITEM}.part[0].value", "system and code"),
        (service(modifier="KXX"), f"{ITEM}.part[6].value", "modifier"),
        (service(provider=BAD_NPI), f"{ITEM}.part[6].value", "check digit"),
        (service(quantity=0), f"{ITEM}.part[1]", "greater than 0"),
        (service(quantity=0.0001), f"{ITEM}.part", "three decimals"),
        (service(quantity=None, requested_quantity=12), f"{ITEM}.part", "granted `quantity`"),
        (service(requested_quantity=3), ITEM, "must not exceed the requested quantity"),
        (service(note="x" * 4001), f"{ITEM}.part[6].value", "at most 4000 characters"),
        (service(reason="less-time"), ITEM, "must have no `reason`"),
        (service(action="pend"), f"{ITEM}.part[3].value", "certify, deny"),
        (service(action=None), f"{ITEM}.part", "`action` is required"),
        (denied(reason=None), ITEM, "reason of kind deny"),
        (denied(reason="because"), ITEM, "reason of kind deny"),
        (denied(end="2026-03-31"), ITEM, "no days"),
    ],
)
async def test_a_wrong_item_is_refused_at_its_place(server: Server, item: Json, place: str, word: str) -> None:
    await on_record(server)
    answer = await send(server, reported([item]))
    found = [(issue["expression"], issue["details"]["text"]) for issue in issues(answer)]
    assert answer.status_code == 422
    assert [text for at, text in found if at == [place] and word in text], found
    assert await responses(server) == 0


async def test_all_issues_of_a_body_are_listed(server: Server) -> None:
    answer = await send(server, reported([service(end=None, place=None)], channel="owl", requestor=BAD_NPI))
    assert len(issues(answer)) == 4


@pytest.mark.parametrize(
    "again", [{}, {"number": "tel 2026.0417"}, {"number": "OTHER-1", "aliases": (NUMBER,)}, {"member": "M002"}]
)
async def test_a_number_is_imported_once(server: Server, again: dict[str, Any]) -> None:
    response = await imported(server)
    before = everything(server)
    refused = await send(server, reported(**again))
    assert refused.status_code == 409
    [issue] = issues(refused)
    assert (issue["code"], response["id"] in issue["details"]["text"]) == ("duplicate", True)
    assert resources((await server.get("/ClaimResponse", "admin")).json()) == [response]
    assert {key for key in everything(server) if key[0] == "authorization"} == {
        key for key in before if key[0] == "authorization"
    }


async def test_a_number_that_a_request_has_is_not_imported(server: Server) -> None:
    granted = answered(await server.post("/Claim/$submit", request_bundle()))["preAuthRef"]
    pending = (await server.get(f"/ClaimResponse/{await pended(server, identifier='MRI')}", "ehr-a")).json()
    for number in (granted, administration_number(pending)):
        assert (await send(server, reported(number=number))).status_code == 409
        assert (await send(server, reported(aliases=(number.lower(),)))).status_code == 409


async def test_of_equal_imports_at_once_one_is_stored(server: Server) -> None:
    await on_record(server)
    answers = await asyncio.gather(*[send(server, reported()) for _ in range(5)])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert await responses(server) == 1


async def test_days_without_coverage_are_not_certified(server: Server) -> None:
    person = await on_record(server)
    [coverage] = resources((await server.get(f"/Coverage?beneficiary=Patient/{person['id']}", "admin")).json())
    ended = coverage | {"period": {"start": "2025-01-01", "end": "2026-01-31"}}
    stored = await server.put(f"/Coverage/{coverage['id']}", ended, **{"If-Match": 'W/"1"'})
    assert stored.status_code == 200, stored.text
    refused = await send(server, reported())
    assert (refused.status_code, "coverage" in issues(refused)[0]["details"]["text"]) == (422, True)
    assert (await send(server, reported([service(end="2026-01-31")]))).status_code == 201


@pytest.mark.parametrize("client", ["reviewer", "physician", "auditor", "ehr-a", "biller", "patient-1"])
async def test_only_an_administrator_imports(server: Server, client: str) -> None:
    await on_record(server)
    assert (await send(server, reported(), client)).status_code == 403
    assert await responses(server) == 0


async def test_an_administrator_imports_for_its_own_payer_only(server: Server) -> None:
    await on_record(server)
    unknown = await send(server, reported(), "admin-2")
    assert (unknown.status_code, "no member" in issues(unknown)[0]["details"]["text"]) == (422, True)


async def test_numbers_of_two_payers_do_not_collide(server: Server) -> None:
    await imported(server)
    await on_record(server, client="admin-2", payer="second-payer")
    assert (await send(server, reported(), "admin-2")).status_code == 201


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"resourceType": "Claim"}', '{"resourceType": "Parameters"}'])
async def test_a_body_of_another_kind_is_refused(server: Server, body: str) -> None:
    server.is_sent_junk()
    assert (await server.post("/ClaimResponse/$import", body, "admin")).status_code in (400, 422)


async def test_an_import_with_too_many_items_is_refused(server: Server) -> None:
    await on_record(server)
    answer = await send(server, reported([service() for _ in range(1000)]))
    assert answer.status_code == 422
    assert "too-costly" in {issue["code"] for issue in issues(answer)}


async def test_without_a_registered_organization_only_its_providers_find_it(server: Server) -> None:
    response = await imported(server, service(provider=RENDERING), requestor="1999999992")
    assert (await server.get(f"/ClaimResponse/{response['id']}", "ehr-a")).status_code == 404
    inquiry = inquiry_bundle(requestor=RENDERING)
    assert [one["id"] for one in returned(await server.post("/Claim/$inquire", inquiry))] == [response["id"]]
    assert returned(await server.post("/Claim/$inquire", inquiry, "ehr-b")) == []
