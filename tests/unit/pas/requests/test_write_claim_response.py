"""The ClaimResponse that answers a request."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.claimresponse import ClaimResponse
from msgspec.structs import replace

from app.codes import pas
from app.domain.authorization import Authorization, RequestError
from app.domain.datatypes import Coding, Period
from app.domain.decision import ItemDecision
from app.pas.edition import Edition
from app.pas.requests.write_claim_response import write_claim_response
from tests.support.answers import (
    ADMINISTRATION_NUMBER,
    CERTIFIED,
    CURRENT,
    DENIED,
    MODIFIED,
    NUMBER,
    OLDER,
    PENDED,
    as_sent,
    authorization,
    extended,
    part,
    submitted,
)
from tests.support.samples import CLIENT, CPT, concept, extension, request_bundle, request_item

ERROR = RequestError("75", "C", "Bundle.entry[0].resource.insurance[0].coverage", "No member has this id.")


def asked() -> dict[str, Any]:
    item = request_item(
        modifier=[concept("https://codesystem.x12.org/005010/1339", "GP")], unitPrice={"value": 40, "currency": "USD"}
    )
    item["extension"] += [
        extension("extension-itemTraceNumber", valueIdentifier={"system": "urn:t", "value": "T1"}),
        extension("extension-productOrServiceCodeEnd", valueCodeableConcept=concept(CPT, "97140")),
    ]
    return item


def answer(*decisions: ItemDecision, edition: Edition = CURRENT, **changes: Any) -> dict[str, Any]:
    items = [asked() | {"sequence": number} for number in range(1, len(decisions) + 1)]
    request = submitted(request_bundle(items=items or None))
    answered: Authorization = authorization(request, *decisions, **changes)
    written = as_sent(write_claim_response(answered, request.face, edition))
    assert ClaimResponse.model_validate(written)
    return written


def review_action(item: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Return code, number and reason code of an item's decision."""
    (adjudication,) = item["adjudication"]
    assert adjudication["category"]["coding"][0]["code"] == "submitted"
    parts = extended(adjudication, "extension-reviewAction")
    reason = part(parts, "reasonCode")
    code = part(parts, "extension-reviewActionCode")["coding"][0]["code"]
    return code, part(parts, "number"), reason and reason["coding"][0]["code"]


def test_the_head_echoes_the_request() -> None:
    written = answer(CERTIFIED)
    assert written["identifier"] == [{"system": "urn:trnorg:9012345678", "value": "REQ-0001"}]
    assert (written["status"], written["use"], written["outcome"]) == ("active", "preauthorization", "complete")
    assert written["type"]["coding"][0]["code"] == "professional"
    assert written["created"] == "2026-11-20T15:00:00.000Z"
    assert written["patient"] == {"reference": f"{CLIENT}/Patient/patient-1"}
    assert written["request"] == {"reference": f"{CLIENT}/Claim/claim-1"}
    assert written["meta"] == {"profile": [pas("profile-claimresponse")]}


def test_a_certified_item_has_its_detail_its_provider_and_its_period() -> None:
    written = answer(CERTIFIED)
    (item,) = written["item"]
    assert review_action(item) == ("A1", NUMBER, None)
    assert (written["preAuthRef"], written["preAuthPeriod"]) == (NUMBER, {"start": "2026-12-01", "end": "2027-02-28"})
    assert extended(item, "extension-itemTraceNumber") == {"system": "urn:t", "value": "T1"}
    assert extended(item, "extension-itemPreAuthIssueDate") == "2026-11-20"
    assert extended(item, "extension-itemPreAuthPeriod") == {"start": "2026-12-01", "end": "2027-02-28"}
    assert extended(item, "extension-itemRequestedServiceDate") == {"start": "2026-12-01", "end": "2027-02-28"}
    provider = part(extended(item, "extension-itemAuthorizedProvider"), "provider")
    assert provider == {"reference": f"{CLIENT}/Practitioner/practitioner-1"}
    detail = extended(item, "extension-itemAuthorizedDetail")
    service = part(detail, "productOrServiceCode")
    assert (service["coding"][0]["code"], service["text"]) == ("97110", "97110 to 97140")
    assert part(detail, "modifier")["coding"][0]["code"] == "GP"
    assert part(detail, "quantity") == {"value": 12, "unit": "units"}
    assert part(detail, "unitPrice") == {"value": 40, "currency": "USD"}
    assert "addItem" not in written
    assert "processNote" not in written


def test_a_denied_item_has_a_reason_and_a_note_and_no_number() -> None:
    written = answer(DENIED)
    (item,) = written["item"]
    assert review_action(item) == ("A3", None, "0C")
    assert item["noteNumber"] == [1, 2]
    assert written["processNote"] == [
        {"number": 1, "type": "display", "text": "The need for the service is not shown."},
        {"number": 2, "type": "display", "text": "Decided on 2026-11-20."},
    ]
    assert "preAuthRef" not in written
    assert "preAuthPeriod" not in written
    assert extended(item, "extension-itemAuthorizedDetail") is None
    assert extended(item, "extension-itemAuthorizedProvider") is None
    assert NUMBER not in str(written)


def test_a_pended_item_has_a_number_a_due_date_and_the_missing_documents() -> None:
    written = answer(PENDED)
    (item,) = written["item"]
    assert review_action(item) == ("A4", None, "0C")
    assert extended(item, "extension-administrationReferenceNumber") == ADMINISTRATION_NUMBER
    texts = [note["text"] for note in written["processNote"]]
    assert item["noteNumber"] == [1, 2, 3]
    assert texts[1:] == [
        "Please send: Progress note (LOINC 11506-3).",
        "A decision is due by 2026-11-27T15:00:00.000Z.",
    ]
    assert written["outcome"] == "complete"
    assert "preAuthRef" not in written


def test_a_modified_item_repeats_the_request_and_an_added_item_has_the_change() -> None:
    written = answer(MODIFIED)
    (item,), (added,) = written["item"], written["addItem"]
    assert review_action(item) == ("A6", NUMBER, None)
    detail = extended(item, "extension-itemAuthorizedDetail")
    assert part(detail, "productOrServiceCode")["coding"][0]["code"] == "97110"
    assert part(detail, "quantity") == {"value": 12, "unit": "units"}
    assert added["itemSequence"] == [1]
    assert review_action(added) == ("A6", NUMBER, None)
    assert added["productOrService"]["coding"][0]["code"] == "97112"
    assert added["quantity"] == {"value": 8, "unit": "units"}
    assert added["provider"] == [{"reference": f"{CLIENT}/Practitioner/practitioner-1"}]
    assert added["servicedPeriod"] == {"start": "2026-12-01", "end": "2027-02-28"}
    assert added["locationCodeableConcept"]["coding"][0]["code"] == "11"
    assert (added["modifier"][0]["coding"][0]["code"], added["unitPrice"]["value"]) == ("GP", 40)
    assert extended(added, "extension-itemPreAuthIssueDate") == "2026-11-20"
    assert written["preAuthRef"] == NUMBER


def test_2_0_1_has_the_authorized_detail_in_the_item() -> None:
    written = answer(MODIFIED, edition=OLDER)
    (item,) = written["item"]
    assert "addItem" not in written
    detail = extended(item, "extension-itemAuthorizedDetail")
    service = part(detail, "productOrServiceCode")
    assert (service["coding"][0]["code"], service.get("text")) == ("97112", None)
    assert part(detail, "quantity") == {"value": 8, "unit": "units"}


@pytest.mark.parametrize("human", [True, False])
def test_the_current_edition_marks_decisions_by_a_person_and_by_the_policy(*, human: bool) -> None:
    reviewer = extended(answer(replace(DENIED, human=human)), "extension-claimResponseReviewer")
    assert part(reviewer, "wasHumanReviewedFlag") is human
    assert extended(answer(replace(DENIED, human=human), edition=OLDER), "extension-claimResponseReviewer") is None


def test_every_item_is_answered_under_its_own_sequence_and_equal_notes_are_written_once() -> None:
    written = answer(CERTIFIED, DENIED, DENIED, PENDED)
    assert [item["itemSequence"] for item in written["item"]] == [1, 2, 3, 4]
    assert [review_action(item)[0] for item in written["item"]] == ["A1", "A3", "A3", "A4"]
    assert [item.get("noteNumber") for item in written["item"]] == [None, [1, 2], [1, 2], [1, 3, 4]]
    assert written["preAuthRef"] == NUMBER
    assert [review_action(item)[1] for item in written["item"]] == [NUMBER, None, None, None]


def test_the_period_of_the_whole_spans_the_periods_of_all_authorized_items() -> None:
    assert CERTIFIED.granted is not None
    later = replace(CERTIFIED, granted=replace(CERTIFIED.granted, period=Period(date(2027, 1, 1), date(2027, 6, 30))))
    endless = replace(CERTIFIED, granted=replace(CERTIFIED.granted, period=Period(date(2027, 1, 1)), quantity=None))
    assert answer(CERTIFIED, later)["preAuthPeriod"] == {"start": "2026-12-01", "end": "2027-06-30"}
    assert answer(CERTIFIED, endless)["preAuthPeriod"] == {"start": "2026-12-01"}
    beginless = replace(CERTIFIED, granted=replace(CERTIFIED.granted, period=Period()))
    assert "preAuthPeriod" not in answer(beginless)


@pytest.mark.parametrize(("decisions", "outcome"), [((), "error"), ((CERTIFIED,), "partial")])
def test_a_business_error_has_its_path(decisions: tuple[ItemDecision, ...], outcome: str) -> None:
    written = answer(*decisions, errors=(ERROR,))
    assert written["outcome"] == outcome
    (error,) = written["error"]
    assert error["code"]["coding"] == [{"system": "https://codesystem.x12.org/005010/901", "code": "75"}]
    assert error["code"]["text"] == "No member has this id."
    assert extended(error, "extension-errorFollowupAction")["coding"][0]["code"] == "C"
    assert extended(error, "extension-errorPath") == ERROR.path
    assert ("item" in written) == bool(decisions)


def test_a_request_with_little_in_it_is_answered_with_little() -> None:
    bare = request_item(period=None, quantity=None, productOrService={"text": "in words"})
    for name in ("careTeamSequence", "locationCodeableConcept"):
        del bare[name]
    request = submitted(request_bundle(items=[bare], claim={"careTeam": None}))
    assert CERTIFIED.granted is not None
    uncapped = replace(CERTIFIED.granted, quantity=None)
    certified = authorization(request, replace(CERTIFIED, granted=uncapped))
    (item,) = as_sent(write_claim_response(certified, request.face, CURRENT))["item"]
    assert [one["url"] for one in item["extension"]] == [
        pas("extension-itemPreAuthIssueDate"),
        pas("extension-itemPreAuthPeriod"),
        pas("extension-communicatedDiagnosis"),
    ]
    modified = authorization(request, replace(MODIFIED, granted=uncapped))
    written = as_sent(write_claim_response(modified, request.face, CURRENT))
    assert ClaimResponse.model_validate(written)
    service = written["addItem"][0]["productOrService"]
    assert (service["coding"][0]["code"], service["text"]) == ("not-applicable", "As requested")
    assert "quantity" not in written["addItem"][0]


def test_a_single_day_of_service_is_a_date() -> None:
    request = submitted(request_bundle(items=[request_item(period=None, servicedDate="2026-12-24")]))
    (item,) = as_sent(write_claim_response(authorization(request, DENIED), request.face, CURRENT))["item"]
    assert item["extension"][0]["valueDateTime"] == "2026-12-24"


def test_a_pended_item_without_missing_documents_has_only_its_reason() -> None:
    written = answer(replace(PENDED, ask_for=()), due=None)
    assert [note["text"] for note in written["processNote"]] == ["The need for the service is not shown."]


def test_a_code_without_a_system_and_with_a_display_is_written_so() -> None:
    assert CERTIFIED.granted is not None
    instead = replace(CERTIFIED.granted, service=Coding("", "local-1", "as we call it"))
    detail = extended(answer(replace(CERTIFIED, granted=instead))["item"][0], "extension-itemAuthorizedDetail")
    assert part(detail, "productOrServiceCode") == {"coding": [{"code": "local-1", "display": "as we call it"}]}
