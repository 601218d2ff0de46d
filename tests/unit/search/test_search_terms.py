from collections import Counter
from typing import Any

import pytest

from app.codes import NPI, pas
from app.search.parameters import MAX_TERMS, PARAMETERS, search_terms
from app.search.terms import plain, token

CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "id": "c1",
    "identifier": [{"system": "http://example.org/claims", "value": "A|1"}],
    "status": "active",
    "use": "claim",
    "created": "2026-03-01",
    "patient": {"reference": "Patient/p1"},
    "insurer": {"identifier": {"system": NPI, "value": "1234567893"}},
    "provider": {"reference": "Organization/o1", "identifier": {"value": "local"}},
    "insurance": [{"sequence": 1, "focal": True, "preAuthRef": ["sp-1 a", "SP2"]}],
    "item": [
        {"sequence": 1, "extension": [{"url": pas("extension-authorizationNumber"), "valueString": "SP3"}]},
        {"sequence": 2, "extension": [{"url": "http://example.org/other", "valueString": "no"}]},
    ],
}


def review(number: str) -> dict[str, Any]:
    inner = [{"url": "number", "valueString": number}, {"url": "reasonCode", "valueString": "no"}]
    return {"adjudication": [{"extension": [{"url": pas("extension-reviewAction"), "extension": inner}]}]}


def test_a_claim_has_a_term_for_each_searched_element() -> None:
    assert set(search_terms(CLAIM)) == {
        ("patient", "Patient/p1"),
        ("status", "active"),
        ("use", "claim"),
        ("insurer", f"identifier {NPI}|1234567893"),
        ("insurer", "identifier 1234567893"),
        ("provider", "Organization/o1"),
        ("provider", "identifier |local"),
        ("provider", "identifier local"),
        ("identifier", "http://example.org/claims|A\\|1"),
        ("identifier", "A\\|1"),
        ("pre-auth-ref", "sp-1 a"),
        ("pre-auth-ref", "SP2"),
        ("pre-auth-ref", "SP3"),
    }


def test_a_claim_response_is_found_by_its_number_and_by_those_of_its_items() -> None:
    response = {
        "resourceType": "ClaimResponse",
        "id": "r1",
        "request": {"reference": "Claim/c1"},
        "outcome": "complete",
        "preAuthRef": "SP1",
        "item": [review("SP2"), review("SP1")],
        "addItem": [review("SP3")],
    }
    terms = search_terms(response)
    assert [value for name, value in terms if name == "pre-auth-ref"] == ["SP1", "SP2", "SP3"]
    assert {("request", "Claim/c1"), ("outcome", "complete")} <= set(terms)


def test_names_are_found_without_case_and_accents_and_dates_by_their_span() -> None:
    patient = {"resourceType": "Patient", "name": [{"family": "Ångström  Öd"}], "birthDate": "1980-05"}
    assert set(search_terms(patient)) == {("family", "angstrom od"), ("birthdate", "1980-05-01T00:00:00.000000B")}


def test_a_claim_of_the_largest_legal_size_has_all_its_terms() -> None:
    numbers = [f"SP{number}" for number in range(200)]
    many = CLAIM | {
        "identifier": [{"system": "s", "value": str(number)} for number in range(20)],
        "insurance": [{"coverage": {"reference": "Coverage/v1"}, "preAuthRef": numbers}],
    }
    terms = set(search_terms(many))
    assert {("pre-auth-ref", number) for number in numbers} <= terms
    assert {("identifier", f"s|{number}") for number in range(20)} <= terms
    assert {("patient", "Patient/p1"), ("coverage", "Coverage/v1")} <= terms


def test_the_terms_of_each_parameter_are_limited_separately() -> None:
    many = CLAIM | {
        "identifier": [{"system": "s", "value": str(number)} for number in range(2000)],
        "insurance": [{"preAuthRef": [str(number) for number in range(2000)]}],
    }
    terms = search_terms(many)
    assert Counter(name for name, _ in terms if name in {"identifier", "pre-auth-ref"}) == {
        "identifier": MAX_TERMS,
        "pre-auth-ref": MAX_TERMS,
    }
    assert ("patient", "Patient/p1") in terms


@pytest.mark.parametrize("type_", PARAMETERS)
def test_values_of_another_shape_give_no_terms(type_: str) -> None:
    shapes: list[Any] = [None, 3, "text", [], {}, [None], [3], {"value": 3}, {"reference": 3}, {"reference": "#inside"}]
    names = {row.paths[0][0] for row in PARAMETERS[type_]} | {"insurance", "item", "addItem", "extension"}
    for shape in shapes:
        terms = search_terms({"resourceType": type_, **dict.fromkeys(names, shape)})
        assert all(isinstance(value, str) for _, value in terms)


def test_an_extension_other_than_an_array_gives_no_terms() -> None:
    numbered = {"url": pas("extension-authorizationNumber"), "valueString": "SP1"}
    assert list(search_terms({"resourceType": "Claim", "item": [{"extension": numbered}]})) == []


def test_a_bar_in_a_code_is_escaped() -> None:
    assert token("a|b") != token("b", "a")


def test_every_row_has_a_definition_and_each_name_is_there_once() -> None:
    for rows in PARAMETERS.values():
        names = [row.name for row in rows]
        assert len(names) == len(set(names))
        assert all(row.definition.endswith(row.name) for row in rows if not row.name.startswith("_"))


def test_a_plain_name_has_single_spaces() -> None:
    assert plain("  Straße\tÉcole ") == "strasse ecole"


def test_a_name_of_many_combining_marks_is_found_by_its_beginning() -> None:
    assert plain("é" + "\u0315\u0301\u0327" * 300_000) == "e"
