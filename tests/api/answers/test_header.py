"""The header of an answer: transmission identifiers, review by a person, and one decision about all items."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.reading import Json, action, answered, extension, extensions, returned, review
from tests.api.reviewing import decide, ruling
from tests.support import samples
from tests.support.samples import RENDERING, concept, inquiry_bundle, request_bundle, request_item
from tests.support.server import Server

STATE = "https://www.usps.com/"
SENT = {
    "applicationSenderCode": "CLINIC",
    "applicationReceiverCode": "PAYER",
    "interchangeSenderID": "CLINIC-ISA",
    "interchangeReceiverID": "PAYER-ISA",
}
SWAPPED = {
    "applicationSenderCode": "PAYER",
    "applicationReceiverCode": "CLINIC",
    "interchangeSenderID": "PAYER-ISA",
    "interchangeReceiverID": "CLINIC-ISA",
}
MRI = request_item(2, code="72148", quantity=2)
"""A service that is pended."""


def transmitted(**parts: str) -> Json:
    """Build the header extension of a Claim with transmission identifiers."""
    written = [{"url": name, "valueString": value} for name, value in parts.items()]
    return {"extension": [samples.extension("extension-TransmissionIdentifiers", extension=written)]}


def named(value: str) -> Json:
    """Build the identifier of a Claim with its department and its state."""
    extensions = [
        samples.extension("extension-identifierSubDepartment", valueString="Imaging"),
        samples.extension("extension-identifierJurisdiction", valueCodeableConcept=concept(STATE, "CT")),
    ]
    return {"identifier": [{"extension": extensions, "system": "urn:trnorg:9012345678", "value": value}]}


def transmission(claim_response: Json) -> dict[str, str]:
    parts = extension(claim_response, "extension-TransmissionIdentifiers")["extension"]
    return {part["url"]: part["valueString"] for part in parts}


def human(claim_response: Json) -> bool:
    reviewer = extension(claim_response, "extension-claimResponseReviewer")
    return bool(extension(reviewer, "wasHumanReviewedFlag")["valueBoolean"])


async def submitted(server: Server, base: str = "/fhir", **changes: Any) -> Json:
    return answered(await server.post("/Claim/$submit", request_bundle(**changes), base=base))


async def inquired(server: Server, **changes: Any) -> Json:
    [found] = returned(await server.post("/Claim/$inquire", inquiry_bundle(**changes)))
    return found


async def stored(server: Server, claim_response: Json) -> Json:
    resource: Json = (await server.get(f"/ClaimResponse/{claim_response['id']}")).json()
    return resource


async def test_the_answer_swaps_sender_and_receiver_of_the_transmission(server: Server) -> None:
    answer = await submitted(server, claim=transmitted(**SENT))
    assert transmission(answer) == SWAPPED
    assert transmission(await stored(server, answer)) == SWAPPED


async def test_an_inquiry_is_answered_under_its_own_transmission_identifiers(server: Server) -> None:
    await submitted(server, claim=transmitted(**SENT))
    own = {"applicationSenderCode": "OTHER", "applicationReceiverCode": "PAYER"}
    assert transmission(await inquired(server, claim=transmitted(**own))) == {
        "applicationSenderCode": "PAYER",
        "applicationReceiverCode": "OTHER",
    }
    assert extensions(await inquired(server), "extension-TransmissionIdentifiers") == []


@pytest.mark.parametrize("base", ["/fhir", "/2.0.1/fhir"])
async def test_the_identifier_keeps_its_department_and_its_state(server: Server, base: str) -> None:
    answer = await submitted(server, base, claim=named("REQ-0001"))
    assert answer["identifier"] == named("REQ-0001")["identifier"]
    assert (await inquired(server))["identifier"] == named("REQ-0001")["identifier"]
    assert (await stored(server, answer))["identifier"] == named("REQ-0001")["identifier"]


async def test_a_decision_by_policy_counts_as_not_reviewed_by_a_person(server: Server) -> None:
    assert human(await submitted(server)) is False
    assert human(await inquired(server)) is False


async def test_a_decision_by_a_reviewer_counts_as_reviewed_by_a_person(server: Server) -> None:
    pended = await submitted(server, items=[MRI])
    assert human(pended) is False
    decided = await decide(server, pended["id"], ruling(2, end="2027-02-28"), if_match='W/"1"')
    assert decided.status_code == 200, decided.text
    assert human(decided.json()) is True
    assert human(await inquired(server)) is True


async def test_a_refused_request_has_no_mark_of_a_review(server: Server) -> None:
    refused = await submitted(server, payer=RENDERING, claim=transmitted(**SENT))
    assert refused["outcome"] == "error"
    assert extensions(refused, "extension-claimResponseReviewer") == []
    assert transmission(refused) == SWAPPED


async def test_one_decision_about_all_items_stands_in_the_header_with_its_providers(server: Server) -> None:
    answer = await submitted(server, items=[request_item(1), request_item(2, code="97140")])
    assert {action(item) for item in answer["item"]} == {"A1"} == {action(answer)}
    assert extension(review(answer), "number")["valueString"] == answer["preAuthRef"]
    provider = extension(extension(answer, "extension-itemAuthorizedProvider"), "provider")["valueReference"]
    assert provider["reference"].endswith("/Practitioner/practitioner-1")
    found = await inquired(server)
    assert action(found) == "A1"
    provider = extension(extension(found, "extension-itemAuthorizedProvider"), "provider")["valueReference"]
    assert provider["reference"].endswith("/Practitioner/practitioner-1")


async def test_different_decisions_stand_at_their_items_only(server: Server) -> None:
    answer = await submitted(server, items=[request_item(1), MRI])
    assert [action(item) for item in answer["item"]] == ["A1", "A4"]
    assert "adjudication" not in answer
    assert extensions(answer, "extension-itemAuthorizedProvider") == []


async def test_2_0_1_has_no_place_for_them(server: Server) -> None:
    answer = await submitted(server, "/2.0.1/fhir")
    assert "adjudication" not in answer
    assert "extension" not in answer
