"""What the fast pass is sure of, and what it must not be."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.codes import PAS
from app.conformance.fast.concept import _MOST_CODES, _Codes
from app.conformance.strictness import Level
from app.fhir.json import parsed, read, write
from app.fhir.outcome import FhirError
from tests.bench.bundles import request_body
from tests.conformance.bases import BASES, observation, response, update
from tests.conformance.engine import validator
from tests.unit.conformance.profiles import HERE, engine, found, profile, sliced

Json = dict[str, Any]

RESPONSE = PAS + "profile-pas-response-bundle"
REQUEST = PAS + "profile-pas-request-bundle"


@pytest.mark.parametrize("base", BASES)
def test_it_is_sure_of_a_body_with_nothing_wrong(base: str) -> None:
    assert validator("2.2.1").is_valid_fast(BASES[base]())


def test_it_is_sure_of_the_body_that_speed_is_measured_with() -> None:
    body = read(request_body(1))
    assert validator("2.2.1").is_valid_fast(body, REQUEST)
    assert validator("2.2.1").diagnose(body, REQUEST, level=Level.STRICT) == ()


def test_it_is_sure_of_an_answer_without_the_claim_it_answers_but_of_no_other_absence() -> None:
    body = response()
    assert "Claim" not in {one["resource"]["resourceType"] for one in body["entry"]}
    assert validator("2.2.1").is_valid_fast(body, RESPONSE)
    body["entry"][0]["resource"]["request"]["reference"] = "Patient/someone"
    assert not validator("2.2.1").is_valid_fast(body, RESPONSE)


def test_a_contained_answer_may_not_refer_to_what_is_nowhere() -> None:
    body = response()
    answer = body["entry"][0]["resource"]
    inner = {name: value for name, value in answer.items() if name not in ("meta", "item", "communicationRequest")}
    answer["contained"] = [inner | {"id": "inner"}]
    answer["extension"] = [{"url": "https://elsewhere.example.org/e", "valueReference": {"reference": "#inner"}}]
    issues = validator("2.2.1").diagnose(body, RESPONSE)
    assert "Bundle.entry[0].resource.contained[0].request.reference" in {issue.expression for issue in issues}
    assert not validator("2.2.1").is_valid_fast(body, RESPONSE)


def test_it_is_sure_of_an_update_whose_prior_claim_followed_another() -> None:
    body = update()
    prior = body["entry"][-1]["resource"]
    prior["meta"] = {"profile": [PAS + "profile-claim-update"]}
    prior["related"] = copy.deepcopy(body["entry"][0]["resource"]["related"])
    prior["related"][0]["claim"]["reference"] = "Claim/long-ago"
    assert validator("2.2.1").diagnose(body, REQUEST, level=Level.STRICT) == ()
    assert validator("2.2.1").is_valid_fast(body, REQUEST)


def nested(depth: int) -> Json:
    """Put extensions in each other, an observation's."""
    inner: Json = {"url": "https://elsewhere.example.org/e", "valueString": "a"}
    for _ in range(depth):
        inner = {"url": "https://elsewhere.example.org/e", "extension": [inner]}
    return observation() | {"extension": [inner]}


@pytest.mark.parametrize("depth", range(10, 32))
def test_what_it_is_sure_of_is_never_deeper_than_the_reader_accepts(depth: int) -> None:
    body = nested(depth)
    data = write(body).encode()
    if validator("2.2.1").is_valid_fast(parsed(data).resource):
        assert read(data) == body
    else:
        assert depth > 20


def test_a_code_that_was_right_is_right_again_but_not_in_another_place() -> None:
    known = engine(
        profile("male", "Patient", {"id": "Patient.maritalStatus", "patternCodeableConcept": coded("M")}),
        profile("female", "Patient", {"id": "Patient.maritalStatus", "patternCodeableConcept": coded("F")}),
    )
    for _ in range(2):
        assert found(known, {"resourceType": "Patient", "maritalStatus": coded("M")}, "male") == []
        assert found(known, {"resourceType": "Patient", "maritalStatus": coded("M")}, "female") != []
        assert found(known, {"resourceType": "Patient", "maritalStatus": coded("F")}, "female") == []


def coded(code: str, **more: str) -> Json:
    return {"coding": [{"system": "http://example.org/codes", "code": code, **more}]}


def test_a_display_is_looked_at_each_time() -> None:
    known = engine()
    for display, right in (("Married", True), ("", False), ("Wed", True), ("\x01", False)):
        body = {"resourceType": "Patient", "maritalStatus": coded("M", display=display)}
        assert (found(known, body) == []) is right
        assert known.is_valid_fast(body) is right


def test_a_display_that_a_pattern_asks_for_is_not_forgotten() -> None:
    asked = profile(
        "p", "Patient", {"id": "Patient.maritalStatus", "patternCodeableConcept": coded("M", display="Wed")}
    )
    known = engine(asked)
    for display, right in (("Wed", True), ("Married", False), ("Wed", True)):
        body = {"resourceType": "Patient", "maritalStatus": coded("M", display=display)}
        assert (found(known, body, "p") == []) is right


def test_codes_are_remembered_up_to_a_number_and_a_length() -> None:
    known = _Codes()
    for number in range(3 * _MOST_CODES):
        known.remember("http://example.org/codes", str(number))
    assert sum(map(len, known.values())) <= _MOST_CODES
    known.remember("http://example.org/codes", "a" * 1000)
    assert "a" * 1000 not in known["http://example.org/codes"]
    assert not known["http://example.org/others"]


SLICED_BY_SEVERAL = (
    sliced("Patient.identifier", "pattern", "$this"),
    {"id": "Patient.identifier:npi", "max": "1", "patternIdentifier": {"system": "http://example.org/npi"}},
    {"id": "Patient.identifier:tax", "max": "1", "patternIdentifier": {"type": coded("TAX")}},
)


@pytest.mark.parametrize(
    ("identifiers", "right"),
    [
        ([{"system": "http://example.org/npi", "value": "1"}, {"type": coded("TAX"), "value": "1"}], True),
        ([{"system": "http://example.org/npi", "value": "1"}, {"system": "http://example.org/npi"}], False),
        ([{"type": coded("TAX"), "value": "1"}, {"type": coded("TAX"), "value": "2"}], False),
        ([{"value": "1"}, {"value": "2"}], True),
    ],
)
def test_slices_that_are_told_by_keys_in_different_places_are_counted(identifiers: list[Json], right: bool) -> None:
    known = engine(profile("p", "Patient", *SLICED_BY_SEVERAL))
    body = {"resourceType": "Patient", "identifier": identifiers}
    assert (found(known, body, "p") == []) is right
    assert known.is_valid_fast(body, HERE + "p") is right


def test_a_slice_of_a_choice_element_is_not_looked_up_by_a_name_that_is_not_there() -> None:
    known = engine(
        profile(
            "o",
            "Observation",
            sliced("Observation.component", "value", "value"),
            {"id": "Observation.component:word", "max": "1"},
            {"id": "Observation.component:word.value[x]", "fixedString": "word"},
        )
    )
    component = {"code": coded("A"), "valueString": "word"}
    body = {"resourceType": "Observation", "status": "final", "code": coded("B"), "component": [component, component]}
    assert found(known, body, "o") != []


IN_NO_NUMBER: dict[str, Any] = {"min": 2, "max": "1"}


@pytest.mark.parametrize(
    "elements",
    [
        [{"id": "Patient.name", **IN_NO_NUMBER}],
        [{"id": "Patient.name.given", **IN_NO_NUMBER}],
        [{"id": "Patient.extension", **IN_NO_NUMBER}],
        [
            sliced("Patient.identifier", "value", "use") | IN_NO_NUMBER,
            {"id": "Patient.identifier:official"},
            {"id": "Patient.identifier:official.use", "fixedCode": "official"},
        ],
    ],
    ids=["objects", "primitives", "extensions", "slices"],
)
def test_it_is_not_sure_of_what_may_occur_in_no_number_at_all(elements: list[Json]) -> None:
    body = {
        "resourceType": "Patient",
        "extension": [{"url": "https://elsewhere.example.org/e", "valueString": "a"}],
        "identifier": [{"use": "official", "value": "1"}],
        "name": [{"given": ["Ann"]}],
    }
    known = engine(profile("p", "Patient", *elements))
    assert known.is_valid_fast(body)
    assert [code for _, code in found(known, body, "p")] == ["required"]


def test_reading_without_bounds_leaves_out_depth_and_names_and_nothing_else() -> None:
    deep = b'{"resourceType":"Patient","extension":' + b"[" * 200 + b"]" * 200 + b"}"
    assert parsed(deep).resource["resourceType"] == "Patient"
    assert parsed(b'{"a b":1}').resource == {"a b": 1}
    for data in (deep, b'{"a b":1}'):
        with pytest.raises(FhirError):
            read(data)
        assert not validator("2.2.1").is_valid_fast(parsed(data).resource)
    for data in (b'{"a":1,"a":2}', b'{"a":NaN}', b"[]", b'{"a":"\\u0000"}', b"{"):
        with pytest.raises(FhirError):
            parsed(data)


def test_a_body_is_left_as_it_was() -> None:
    body = read(request_body(1))
    before = copy.deepcopy(body)
    validator("2.2.1").is_valid_fast(body, REQUEST)
    assert body == before
