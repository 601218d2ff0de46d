"""An attachment that does not fit is refused with all its faults, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.parts.attachment import Attachment
from app.domain.review.attached import MOST_ATTACHED
from app.records.evidence.held import MOST_HELD_BYTES, Held, held_insert
from tests.api.asking.asked import control_numbers
from tests.api.asking.attaching import NPI, attach, attachment, note, parameters
from tests.api.reading import Json, answered, issues
from tests.api.refusing import everything
from tests.api.updating import MRI
from tests.support.people import DEMO_CLIENTS
from tests.support.samples import request_bundle
from tests.support.server import Server, serving


async def asked(server: Server, *items: Json, client: str = "ehr-a") -> tuple[str, list[str]]:
    """Submit a request that is pended; return the id of its answer, and the control numbers."""
    response = await server.post("/Claim/$submit", request_bundle(items=list(items or [MRI])), client)
    return answered(response)["id"], control_numbers(response)


async def read(server: Server, id_: str) -> Json:
    found: Json = (await server.get(f"/ClaimResponse/{id_}", "reviewer")).json()
    return found


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"TrackingId": None}, "Parameters.parameter", "`TrackingId` is required"),
        ({"TrackingId": {"valueIdentifier": {"system": NPI}}}, "Parameters.parameter[0].value", "with a value"),
        ({"TrackingId": {"valueIdentifier": {"value": "9" * 101}}}, "Parameters.parameter[0].value", "100 characters"),
        ({"AttachTo": None}, "Parameters.parameter", "`AttachTo` is required"),
        ({"AttachTo": {"valueCode": "claim"}}, "Parameters.parameter[1].value", "`preauthorization`"),
        (
            {"PayerId": {"valueIdentifier": {"value": "9"}}},
            "Parameters.parameter.where(name = 'PayerId')",
            "a payer on",
        ),
        ({"OrganizationId": None}, "Parameters.parameter", "`OrganizationId` and `ProviderId`"),
        ({"MemberId": None}, "Parameters.parameter", "`MemberId` is required"),
        (
            {"MemberId": {"valueIdentifier": {"value": "M002"}}},
            "Parameters.parameter.where(name = 'MemberId')",
            "member number of the patient",
        ),
        ({"Final": {"valueString": "yes"}}, "Parameters.parameter[5].value", "valueBoolean"),
        ({"Surprise": {"valueString": "x"}}, "Parameters.parameter[5].name", "must be one of"),
    ],
)
async def test_a_wrong_parameter_is_refused_with_its_place(
    server: Server, changes: Json, place: str, text: str
) -> None:
    id_, [number] = await asked(server)
    refused = await attach(server, parameters(number, note(), **changes))
    assert refused.status_code == 422
    [issue] = issues(refused)
    assert (issue["expression"], text in issue["details"]["text"]) == ([place], True), issue
    assert (await read(server, id_))["meta"]["versionId"] == "1"


async def test_two_final_parameters_are_refused(server: Server) -> None:
    _, [number] = await asked(server)
    body = parameters(number, note(), Final={"valueBoolean": True})
    body["parameter"].append({"name": "Final", "valueBoolean": False})
    [issue] = issues(await attach(server, body))
    assert issue["details"]["text"] == "`Final` must be given once."


@pytest.mark.parametrize(
    ("document", "place", "text"),
    [
        (note(content=[{"attachment": {"data": "QQ="}}]), "content[0].attachment.data", "base64"),
        (note(content=[{"attachment": {"contentType": "text/plain"}}]), "content", "no `attachment` has `data`"),
        (note(status="entered-in-error"), "status", "entered-in-error"),
        ({"resourceType": "Patient"}, "resourceType", "must be a resource of type"),
        ({"resourceType": "QuestionnaireResponse", "status": "completed"}, "item", "no `item` has an `answer`"),
    ],
)
async def test_a_document_that_does_not_count_is_refused(server: Server, document: Json, place: str, text: str) -> None:
    _, [number] = await asked(server)
    refused = await attach(server, parameters(number, document))
    assert refused.status_code == 422
    found = {issue["expression"][0]: issue["details"]["text"] for issue in issues(refused)}
    assert text in found[f"Parameters.parameter[5].part[0].resource.{place}"]


async def test_an_unknown_loinc_code_a_foreign_line_and_an_empty_attachment_are_refused(server: Server) -> None:
    _, [number] = await asked(server)
    wrong = issues(await attach(server, parameters(number, note(), code="11506-4")))
    assert "check digit" in wrong[0]["details"]["text"]
    body = parameters(number)
    assert "At least one parameter `Attachment`" in issues(await attach(server, body))[0]["details"]["text"]
    body["parameter"].append(attachment(note(), None, "17"))
    line = issues(await attach(server, body))[0]
    assert line["details"]["text"] == f"`LineItem` must be the sequence of an item: {MRI['sequence']}."
    assert line["expression"] == ["Parameters.parameter[5]"]
    body["parameter"][-1]["part"].pop()
    assert "one part `Content`" in issues(await attach(server, body))[0]["details"]["text"]


async def test_a_body_above_the_published_limit_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path, max_body_bytes=2_000) as server:
        assert (await attach(server, parameters("X", note(b"A" * 2_000)))).status_code == 413
        assert (await attach(server, parameters("X", note()))).status_code == 200


async def test_all_issues_of_a_call_come_at_once(server: Server) -> None:
    body = parameters("X", note(status="entered-in-error"), MemberId=None, AttachTo={"valueCode": "claim"})
    assert len(issues(await attach(server, body))) == 3


async def test_more_attachments_than_a_call_may_have_are_refused(server: Server) -> None:
    refused = await attach(server, parameters("X", *(note(bytes([65 + number])) for number in range(21))))
    assert "more than 20 attachments" in issues(refused)[0]["details"]["text"]


@pytest.mark.parametrize(
    ("coding", "line", "text"),
    [
        ([{"system": "urn:oid:2.999", "code": str(code)} for code in range(21)], "1", "more than 20 codes"),
        ([{"system": "urn:oid:2.999", "code": "x" * 500}], "1", "more than 500 characters"),
        ([{"system": "urn:oid:2.999", "code": "x", "display": "y" * 500}], "1", "more than 500 characters"),
        ([{"system": "urn:oid:2.999", "code": "x"}], "1" * 41, "more than 40 characters"),
    ],
    ids=["codes", "long code", "long display", "long line"],
)
async def test_the_codes_and_lines_of_a_document_are_limited(
    server: Server, coding: list[Json], line: str, text: str
) -> None:
    body = parameters("X")
    body["parameter"].append(attachment(note(code=None, type={"coding": coding}), None, line))
    refused = await attach(server, body)
    assert (refused.status_code, text in issues(refused)[0]["details"]["text"]) == (422, True)


async def test_more_attachments_than_a_request_may_have_are_refused(server: Server) -> None:
    id_, [number] = await asked(server)
    for call in range(MOST_ATTACHED // 20):
        documents = (note(f"{call}.{document}".encode()) for document in range(20))
        assert (await attach(server, parameters(number, *documents))).status_code == 200
    before = await read(server, id_)
    refused = await attach(server, parameters(number, note(b"one more")))
    assert (refused.status_code, "more than 200 attachments" in refused.text) == (409, True)
    assert (await attach(server, parameters(number, note(b"0.0")))).status_code == 200
    assert await read(server, id_) == before


@pytest.mark.parametrize(("size", "status"), [(MOST_HELD_BYTES, 409), (MOST_HELD_BYTES - 1_000, 200)])
async def test_the_bytes_that_are_held_for_an_organization_are_limited(server: Server, size: int, status: int) -> None:
    owner = DEMO_CLIENTS["ehr-a"].organizations[0]
    kept = Held(owner, "", "M001", Attachment("content", "ACN-0", server.clock.now()), size)
    await server.system.documents.commit(held_insert(kept))
    assert (await attach(server, parameters("ACN-1", note()))).status_code == status
    assert (await attach(server, parameters("ACN-1", note()), "ehr-b")).status_code == 200


@pytest.mark.parametrize("client", ["reviewer", "biller", "patient-1"])
async def test_only_providers_send_documents(server: Server, client: str) -> None:
    assert (await attach(server, parameters("X", note()), client)).status_code == 403


async def test_an_organization_of_another_client_is_refused(tmp_path: Path) -> None:
    foreign = {"valueIdentifier": {"system": NPI, "value": "1444444446"}}
    async with serving(tmp_path, requestor_client_bound=True) as server:
        refused = await attach(server, parameters("X", note(), OrganizationId=foreign))
        assert refused.status_code == 403
        assert "an NPI of this client" in issues(refused)[0]["details"]["text"]
        assert "held" not in {kind for kind, _ in everything(server)}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_only_post_sends_documents(server: Server, method: str) -> None:
    answer = await server.http.request(method, "/fhir/$submit-attachment", headers=server.headers("ehr-a"))
    assert answer.status_code == 405
