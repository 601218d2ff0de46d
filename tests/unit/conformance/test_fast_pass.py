"""The bodies that the fast pass accepts, and those it must not accept."""

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
def test_it_accepts_a_body_without_faults(base: str) -> None:
    assert validator("2.2.1").is_valid_fast(BASES[base]())


def test_it_accepts_the_body_of_the_benchmark() -> None:
    body = read(request_body(1))
    assert validator("2.2.1").is_valid_fast(body, REQUEST)
    assert validator("2.2.1").diagnose(body, REQUEST, level=Level.STRICT) == ()


def test_it_accepts_an_answer_without_its_claim_and_no_other_absent_entry() -> None:
    body = response()
    assert "Claim" not in {one["resource"]["resourceType"] for one in body["entry"]}
    assert validator("2.2.1").is_valid_fast(body, RESPONSE)
    body["entry"][0]["resource"]["request"]["reference"] = "Patient/someone"
    assert not validator("2.2.1").is_valid_fast(body, RESPONSE)


def test_a_contained_answer_must_not_have_unresolved_references() -> None:
    body = response()
    answer = body["entry"][0]["resource"]
    inner = {name: value for name, value in answer.items() if name not in ("meta", "item", "communicationRequest")}
    answer["contained"] = [inner | {"id": "inner"}]
    answer["extension"] = [{"url": "https://elsewhere.example.org/e", "valueReference": {"reference": "#inner"}}]
    issues = validator("2.2.1").diagnose(body, RESPONSE)
    assert "Bundle.entry[0].resource.contained[0].request.reference" in {issue.expression for issue in issues}
    assert not validator("2.2.1").is_valid_fast(body, RESPONSE)


def test_it_accepts_an_update_of_an_update() -> None:
    body = update()
    prior = body["entry"][-1]["resource"]
    prior["meta"] = {"profile": [PAS + "profile-claim-update"]}
    prior["related"] = copy.deepcopy(body["entry"][0]["resource"]["related"])
    prior["related"][0]["claim"]["reference"] = "Claim/long-ago"
    assert validator("2.2.1").diagnose(body, REQUEST, level=Level.STRICT) == ()
    assert validator("2.2.1").is_valid_fast(body, REQUEST)


def nested(depth: int) -> Json:
    """Return an Observation with nested extensions."""
    inner: Json = {"url": "https://elsewhere.example.org/e", "valueString": "a"}
    for _ in range(depth):
        inner = {"url": "https://elsewhere.example.org/e", "extension": [inner]}
    return observation() | {"extension": [inner]}


@pytest.mark.parametrize("depth", range(10, 32))
def test_it_accepts_no_body_deeper_than_the_reader_does(depth: int) -> None:
    body = nested(depth)
    data = write(body).encode()
    if validator("2.2.1").is_valid_fast(parsed(data).resource):
        assert read(data) == body
    else:
        assert depth > 20


def test_a_valid_code_stays_valid_in_its_place_only() -> None:
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


def test_a_display_is_checked_each_time() -> None:
    known = engine()
    for display, right in (("Married", True), ("", False), ("Wed", True), ("\x01", False)):
        body = {"resourceType": "Patient", "maritalStatus": coded("M", display=display)}
        assert (found(known, body) == []) is right
        assert known.is_valid_fast(body) is right


def test_a_display_in_a_pattern_is_checked_each_time() -> None:
    asked = profile(
        "p", "Patient", {"id": "Patient.maritalStatus", "patternCodeableConcept": coded("M", display="Wed")}
    )
    known = engine(asked)
    for display, right in (("Wed", True), ("Married", False), ("Wed", True)):
        body = {"resourceType": "Patient", "maritalStatus": coded("M", display=display)}
        assert (found(known, body, "p") == []) is right


def test_the_cache_of_codes_is_limited_in_number_and_length() -> None:
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
def test_slices_with_keys_in_different_places_are_counted(identifiers: list[Json], right: bool) -> None:
    known = engine(profile("p", "Patient", *SLICED_BY_SEVERAL))
    body = {"resourceType": "Patient", "identifier": identifiers}
    assert (found(known, body, "p") == []) is right
    assert known.is_valid_fast(body, HERE + "p") is right


def test_a_slice_of_a_choice_element_has_no_lookup_by_key() -> None:
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
def test_it_is_not_sure_of_an_element_with_a_minimum_above_its_maximum(elements: list[Json]) -> None:
    body = {
        "resourceType": "Patient",
        "extension": [{"url": "https://elsewhere.example.org/e", "valueString": "a"}],
        "identifier": [{"use": "official", "value": "1"}],
        "name": [{"given": ["Ann"]}],
    }
    known = engine(profile("p", "Patient", *elements))
    assert known.is_valid_fast(body)
    assert [code for _, code in found(known, body, "p")] == ["required"]


def test_reading_for_the_engine_omits_only_depth_and_names() -> None:
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


def test_the_pass_does_not_change_the_body() -> None:
    body = read(request_body(1))
    before = copy.deepcopy(body)
    validator("2.2.1").is_valid_fast(body, REQUEST)
    assert body == before
