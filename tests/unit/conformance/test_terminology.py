from __future__ import annotations

from typing import Any

import pytest

from app.codes import CPT, FORMER_REVENUE, REVENUE
from app.conformance.checks.binding import allowed_codes, binding_check
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.terminology import Members

URL = "https://profiles.example.org/ValueSet/v"
SYSTEM = "https://profiles.example.org/CodeSystem/c"


def members(include: list[dict[str, Any]], *others: dict[str, Any], **also: Any) -> Members | None:
    value_set = {"resourceType": "ValueSet", "url": URL, "compose": {"include": include, **also}}
    return Definitions([value_set, *others]).members(URL)


def test_listed_codes_are_the_members() -> None:
    found = members([{"system": SYSTEM, "concept": [{"code": "a"}]}, {"system": SYSTEM, "concept": [{"code": "b"}]}])
    assert found is not None
    assert [found.has(SYSTEM, code) for code in ("a", "b", "c", None, 1)] == [True, True, False, False, False]
    assert not found.has("https://elsewhere.example.org", "a")
    assert not found.has(["list"], "a")
    assert found.has_code("a")


def test_a_system_under_another_official_name_is_the_same_system() -> None:
    value_set = members([{"system": FORMER_REVENUE}, {"system": CPT, "concept": [{"code": "97110"}]}])
    assert value_set is not None
    assert value_set.has(REVENUE, "0120")
    oid = "urn:oid:2.16.840.1.113883.6.12"
    assert [value_set.has(oid, code) for code in ("97110", "97112")] == [True, False]
    assert oid not in allowed_codes(value_set)


def test_a_complete_code_system_gives_all_its_codes() -> None:
    concepts = [{"code": "a", "concept": [{"code": "b"}]}]
    system = {"resourceType": "CodeSystem", "url": SYSTEM, "content": "complete", "concept": concepts}
    found = members([{"system": SYSTEM}], system)
    assert found is not None
    assert found.systems == {SYSTEM: frozenset("ab")}


@pytest.mark.parametrize("include", [{"system": SYSTEM}, {"system": SYSTEM, "filter": [{"property": "p"}]}])
def test_any_code_of_an_unknown_system_is_a_member(include: dict[str, Any]) -> None:
    found = members([include, {"system": SYSTEM, "concept": [{"code": "a"}]}])
    assert found is not None
    assert found.has(SYSTEM, "whatever")
    assert found.has_code("whatever")


def test_a_value_set_of_value_sets_or_with_excluded_codes_is_unknown() -> None:
    assert members([{"valueSet": ["https://elsewhere.example.org"]}]) is None
    assert members([{"system": SYSTEM}], exclude=[{"system": SYSTEM}]) is None
    assert members([]) is None
    assert Definitions([]).members(URL) is None


CODING = {"system": SYSTEM, "code": "a"}


@pytest.mark.parametrize(
    ("type_", "value", "fits"),
    [
        ("code", "a", True),
        ("code", "b", False),
        ("Coding", CODING, True),
        ("Quantity", {"value": 1}, False),
        ("CodeableConcept", {"coding": [{"code": "x"}, CODING]}, True),
        ("CodeableConcept", {"text": "a"}, False),
    ],
)
def test_a_binding_reads_the_code_of_each_type(type_: str, value: Any, *, fits: bool) -> None:
    holds = binding_check(type_, Members({SYSTEM: frozenset("a")}))
    assert holds is not None
    assert holds(value) is fits


def test_a_type_without_a_code_has_no_binding() -> None:
    assert binding_check("Period", Members({})) is None


def test_the_allowed_codes_are_listed_in_one_line() -> None:
    many = frozenset(f"{number:02}" for number in range(20))
    text = allowed_codes(Members({"a": None, "b": many}))
    assert text.startswith("any code of a; 00, 01, ")
    assert text.endswith("11 and more of b")
