"""Bodies made to take long or to break something: each gets its issues, and none takes the engine's time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.codes import PAS
from app.conformance.strictness import Level
from app.fhir.json import read, write
from app.fhir.outcome import MOST_ISSUES
from tests.conformance.bases import request
from tests.conformance.engine import validator
from tests.support.samples import CLIENT, bundle, entry, organization, patient, request_bundle, request_item

Json = dict[str, Any]

REQUEST = PAS + "profile-pas-request-bundle"


def errors(body: Json) -> list[str | None]:
    return [issue.expression for issue in validator("2.2.1").validate(body) if issue.severity == "error"]


@pytest.mark.acceptance("C46")
def test_references_in_a_circle_are_followed_once_around() -> None:
    one = {**organization("profile-requestor", "1987654328", "X3", "A"), "partOf": {"reference": "Organization/b"}}
    other = {**organization("profile-requestor", "1987654328", "X3", "B"), "partOf": {"reference": "Organization/a"}}
    body = request()
    body["entry"] += [entry("Organization/a", one), entry("Organization/b", other)]
    body["entry"][1]["resource"]["partOf"] = {"reference": "Organization/a"}
    assert errors(body) == []


@pytest.mark.acceptance("C46")
def test_a_chain_of_500_references_is_followed_to_its_end() -> None:
    body = request()
    for number in range(500):
        link = organization("profile-requestor", "1987654328", "X3", "A")
        link["partOf"] = {"reference": f"Organization/o{number + 1}"}
        body["entry"].append(entry(f"Organization/o{number}", link))
    body["entry"][1]["resource"]["partOf"] = {"reference": "Organization/o0"}
    issues = validator("2.2.1").validate(body)
    assert [issue.expression for issue in issues] == ["Bundle.entry[508].resource.partOf.reference"]


def test_200_items_are_valid_as_two_are() -> None:
    items = [request_item(number) for number in range(1, 201)]
    assert validator("2.2.1").is_valid_fast(request_bundle(items=items))


def test_1000_entries_are_valid_as_nine_are() -> None:
    body = request()
    first = body["entry"][0]["resource"]
    for number in range(1000):
        body["entry"].append(entry(f"Patient/p{number}", patient()))
        reference = {"reference": f"Patient/p{number}"}
        first.setdefault("extension", []).append({"url": "https://ehr.example.org/x", "valueReference": reference})
    assert validator("2.2.1").is_valid_fast(body)


def test_there_are_never_more_issues_than_anybody_reads() -> None:
    body = request_bundle(items=[{"sequence": number} for number in range(1, 400)])
    issues = validator("2.2.1").validate(body)
    assert len(issues) == MOST_ISSUES


def test_each_profile_checks_a_nested_bundle_once() -> None:
    names = ("request-bundle", "response-bundle", "inquiry-request-bundle", "inquiry-response-bundle")
    profiles = [f"{PAS}profile-pas-{name}" for name in names]
    body: Json = {"resourceType": "Bundle", "type": "collection"}
    for _ in range(40):
        body = {
            "resourceType": "Bundle",
            "type": "collection",
            "meta": {"profile": profiles},
            "entry": [{"resource": body}],
        }
    assert len(errors(body)) == MOST_ISSUES


def test_claims_in_claims_that_could_be_of_two_profiles_are_not_tried_without_end() -> None:
    body: Json = {"resourceType": "Claim"}
    for _ in range(24):
        inner = {"resourceType": "Bundle", "meta": {"profile": [REQUEST]}, "entry": [{"resource": body}]}
        body = {"resourceType": "Claim", "contained": [inner]}
    assert errors(body)


OPEN = [{"reference": f"Encounter/{number}"} for number in range(205)]
UNKNOWN = [{"url": f"{PAS}extension-no-{number}", "valueString": "a"} for number in range(205)]
MODIFIER = {"url": "https://ehr.example.org/not-really", "valueBoolean": True}


def elsewhere(body: Json) -> None:
    body["entry"][6]["fullUrl"] = f"{CLIENT}/Practitioner/somebody-else"


def pointing_nowhere(body: Json) -> None:
    body["entry"][0]["resource"]["item"][0]["procedureSequence"] = [77]


def modified(body: Json) -> None:
    body["entry"][4]["resource"]["modifierExtension"] = [MODIFIER]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("fault", [elsewhere, pointing_nowhere, modified])
def test_a_warning_never_hides_an_error(fault: Callable[[Json], None], level: Level) -> None:
    body = request()
    fault(body)
    alone = [one for one in validator("2.2.1").validate(body, level=level) if one.severity == "error"]
    body["entry"][0]["resource"]["item"][0]["encounter"] = OPEN
    body["entry"][0]["resource"].setdefault("extension", []).extend(UNKNOWN)
    issues = validator("2.2.1").validate(body, level=level)
    assert len(issues) <= MOST_ISSUES
    assert any(one.severity == "error" for one in issues) or not alone
    assert set(alone) <= set(issues) or level is not Level.LENIENT


@pytest.mark.parametrize("ending", ["\x01", " ", "1 \n"])
def test_the_version_in_a_resolved_reference_is_checked(ending: str) -> None:
    body = request()
    body["entry"][0]["resource"]["patient"]["reference"] += f"/_history/{ending}"
    assert not validator("2.2.1").is_valid_fast(body) or not errors(body)
    body["entry"][0]["resource"]["patient"]["reference"] += "\x01"
    assert "Bundle.entry[0].resource.patient.reference" in errors(body)


@pytest.mark.parametrize("many", [3000])
def test_many_contained_resources_are_searched_once(many: int) -> None:
    body: Json = {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "contained": [{"resourceType": "Basic", "id": f"b{number}", "code": {"text": "a"}} for number in range(many)],
        "entry": [{"item": {"reference": f"#b{number}"}} for number in range(many)],
    }
    assert validator("2.2.1").is_valid_fast(body)
    body["entry"][-1]["item"]["reference"] = "#nobody"
    assert "List.entry[2999].item.reference" in errors(body)


@pytest.mark.acceptance("C40")
@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("data", "A" * 120 + "!"),
        ("data", "=" * 100_000),
        ("title", " " * 100_000),
        ("title", "a" * 100_000 + "\x01"),
        ("title", " a" * 50_000 + "\x01"),
        ("contentType", "a " * 50_000),
        ("contentType", "a" * 100_000 + "  "),
        ("url", "urn:oid:1" + ".1" * 50_000 + "x"),
        ("url", "http://a/" * 20_000 + " "),
        ("creation", "2026-11-20T00:00:00." + "0" * 100_000),
        ("language", "a" * 100_000 + " " * 100_000),
    ],
)
def test_a_text_made_to_backtrack_is_refused_like_any_other(element: str, text: str) -> None:
    body = request()
    attachment = {"contentType": "text/plain", "data": "QQ==", element: text}
    body["entry"][7]["resource"]["content"][0] = {"attachment": attachment}
    assert any(f"attachment.{element}" in (place or "") for place in errors(body))


@pytest.mark.acceptance("C47")
@pytest.mark.parametrize(
    "div",
    [
        "<div" + " a" * 50_000,
        "<" * 100_000,
        "&" * 100_000,
        '<div xmlns="http://www.w3.org/1999/xhtml">' + "<p>" * 10_000,
        '<div xmlns="http://www.w3.org/1999/xhtml"' + ' =" "' * 20_000 + "></div>",
        '<?xml version="1.0"?><div xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
def test_a_narrative_made_to_keep_the_parser_busy_is_refused(div: str) -> None:
    body = request()
    body["entry"][0]["resource"]["text"]["div"] = div
    assert errors(body) in (["Bundle.entry[0].resource.text.div"], [])


def test_a_body_as_deep_as_the_reader_lets_through_is_answered() -> None:
    inner: Json = {"url": "a", "color": "b"}
    for _ in range(20):
        inner = {"url": "https://ehr.example.org/x", "extension": [inner]}
    body = request()
    body["entry"][0]["resource"]["extension"] = [inner]
    assert errors(read(write(body).encode()))


def test_an_extension_out_of_its_context_is_found_however_deep_it_is() -> None:
    inner: Json = {"url": PAS + "extension-militaryStatus", "valueCodeableConcept": {"text": "active"}}
    for level in range(40):
        outer: Json = {"url": "https://ehr.example.org/x"}
        inner = {**outer, "valueIdentifier": {"extension": [inner]}} if level % 2 else {**outer, "extension": [inner]}
    body = request()
    body["entry"][4]["resource"]["extension"] = [inner]
    (place,) = errors(body)
    assert (place or "").startswith("Bundle.entry[4].resource.extension[0].value.extension[0].extension[0]")


def test_a_body_deeper_than_the_reader_lets_through_is_an_issue_too() -> None:
    inner: Json = {"linkId": "a", "type": "display"}
    for _ in range(3000):
        inner = {"linkId": "a", "type": "group", "item": [inner]}
    body: Json = {"resourceType": "Questionnaire", "status": "active", "item": [inner]}
    assert errors(body)[-1] == "Questionnaire"


@pytest.mark.parametrize("value", [None, 7, True, "x", [], [[]], {}, [None], {"a": []}])
@pytest.mark.parametrize("name", ["entry", "type", "identifier", "meta", "timestamp", "resourceType", "link"])
def test_a_wrong_json_type_is_an_issue(name: str, value: object) -> None:
    assert errors({**request(), name: value})


def test_the_fullurl_of_one_entry_is_found_among_those_of_a_thousand() -> None:
    entries = [entry(f"Patient/p{number}", patient()) for number in range(1000)]
    body = bundle("profile-pas-request-bundle", [*request()["entry"], *entries])
    body["entry"][0]["resource"]["patient"] = {"reference": f"{CLIENT}/Patient/p999"}
    assert errors(body) == []
