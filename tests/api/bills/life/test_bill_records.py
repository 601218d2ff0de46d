"""The payer keeps a record of each bill: its answer line by line, and its links to authorizations."""

from __future__ import annotations

from typing import Any

from app.domain.bill.bill import Bill, BillLink, LineAnswer
from app.domain.parts.link_way import LinkWay
from app.records.bills.bills import bill_of_claim, bills_of_authorizations
from tests.api.reading import answered
from tests.support.samples import Json, billed_line, billing_claim, extension, request_bundle
from tests.support.server import Server


async def approved(server: Server) -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle()))


async def record_of(server: Server, bill: Json) -> Bill:
    answer = await server.post("/Claim", bill, "biller")
    assert answer.status_code == 201, answer.text
    stored = await bill_of_claim(server.system.documents, answer.json()["id"])
    assert stored is not None
    return stored.bill


async def test_a_bill_is_found_by_the_authorization_that_it_draws_on(server: Server) -> None:
    approval = await approved(server)
    bill = await record_of(server, billing_claim(number=approval["preAuthRef"], control_number="MINE"))
    [line] = bill.lines
    assert line.links == (BillLink(approval["id"], "1", LinkWay.NUMBER),)
    assert (line.answer, line.reason) == (LineAnswer.PAID, "")
    assert line.units == 4
    assert bill.identifier is not None
    assert bill.identifier.value == "MINE"
    [found] = await bills_of_authorizations(server.system.documents, [approval["id"]])
    assert found.bill == bill


async def test_a_denied_line_has_its_reason_its_attribute_and_its_link(server: Server) -> None:
    approval = await approved(server)
    number = extension("extension-authorizationNumber", valueString=approval["preAuthRef"].lower())
    line = billed_line(code="97140") | {"extension": [number]}
    [denied] = (await record_of(server, billing_claim(number=None, lines=[line]))).lines
    assert denied.links == (BillLink(approval["id"], "1", LinkWay.LINE_NUMBER),)
    given: dict[str, Any] = {"answer": denied.answer, "carc": denied.carc, "attribute": denied.attribute}
    assert given == {"answer": LineAnswer.DENIED, "carc": "284", "attribute": "procedure"}


async def test_a_bill_for_nothing_on_file_has_no_links(server: Server) -> None:
    await approved(server)
    bill = await record_of(server, billing_claim(number="PA260000030"))
    assert (bill.lines[0].reason, bill.authorizations) == ("number-unknown", ())
