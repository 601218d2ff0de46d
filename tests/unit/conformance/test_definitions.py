from __future__ import annotations

import pytest

from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import NotUnderstood
from tests.unit.conformance.profiles import HERE, R4, engine, found, profile

NAMED = profile("named", "Patient", {"id": "Patient.name", "min": 1, "max": "2"})
DATED = profile(
    "dated", "Patient", {"id": "Patient.name", "max": "1"}, {"id": "Patient.birthDate", "min": 1}, parent="named"
)


def test_a_differential_is_laid_over_its_parent() -> None:
    known = engine(NAMED, DATED)
    assert sorted(found(known, {"resourceType": "Patient", "active": True}, "dated")) == [
        ("Patient.birthDate", "required"),
        ("Patient.name", "required"),
    ]
    two = {"resourceType": "Patient", "birthDate": "1984-05-17", "name": [{"family": "a"}, {"family": "b"}]}
    assert found(known, two, "dated") == [("Patient.name", "structure")]
    assert found(known, two, "named") == []


def test_a_snapshot_needs_no_parent() -> None:
    whole = {**DATED, "snapshot": DATED["differential"]}
    assert found(engine(whole), {"resourceType": "Patient", "birthDate": "1984"}, "dated") == []


def test_a_differential_without_its_parent_is_refused() -> None:
    with pytest.raises(NotUnderstood, match="named is not among the definitions"):
        engine(DATED)


def test_profiles_that_derive_from_each_other_are_refused() -> None:
    with pytest.raises(NotUnderstood, match="circle"):
        engine(DATED, {**NAMED, "baseDefinition": HERE + "dated"})


def test_a_definition_is_found_by_url_and_version_and_the_first_of_two_counts() -> None:
    known = Definitions([NAMED, {**NAMED, "version": "2.0"}])
    assert [one.version for one in (known.structure(HERE + "named"),) if one] == ["1.0"]
    assert [one.version for one in (known.structure(HERE + "named|2.0"),) if one] == ["2.0"]
    assert [one.version for one in (known.structure(HERE + "named|3.0"),) if one] == ["1.0"]
    assert len(list(known)) == 1


def test_a_profile_and_a_base_type_have_a_type() -> None:
    known = Definitions([NAMED])
    assert known.type_of(HERE + "named") == "Patient"
    assert known.type_of(R4 + "Claim") == "Claim"
    assert known.type_of("https://elsewhere.example.org") is None


def test_other_resources_of_a_package_are_ignored() -> None:
    known = Definitions(
        [{**NAMED, "kind": "logical"}, {**NAMED, "derivation": "specialization"}, {"resourceType": "Patient"}]
    )
    assert list(known) == []


def test_a_bound_on_a_value_is_kept() -> None:
    elements = (
        {"id": "Patient.name.family", "maxLength": 3},
        {"id": "Patient.multipleBirth[x]", "type": [{"code": "integer"}], "minValueInteger": 1, "maxValueInteger": 9},
    )
    known = engine(profile("p", "Patient", *elements))
    good = {"resourceType": "Patient", "name": [{"family": "abc"}], "multipleBirthInteger": 1}
    assert found(known, good, "p") == []
    assert found(known, {**good, "multipleBirthInteger": 0}, "p") == [("Patient.multipleBirth", "value")]
    assert found(known, {**good, "multipleBirthInteger": 10}, "p") == [("Patient.multipleBirth", "value")]
    assert found(known, {**good, "name": [{"family": "abcd"}]}, "p") == [("Patient.name[0].family", "value")]


def test_a_choice_may_be_named_by_its_type() -> None:
    elements = (
        {"id": "Patient.deceasedDateTime", "maxLength": 10},
        {"id": "Patient.multipleBirth[x]:multipleBirthBoolean", "min": 1, "type": [{"code": "boolean"}]},
    )
    known = engine(profile("p", "Patient", *elements))
    body = {"resourceType": "Patient", "deceasedDateTime": "2026-11-20T00:00:00Z"}
    assert found(known, body, "p") == [("Patient.deceased", "value"), ("Patient.multipleBirth", "required")]


def test_one_of_several_profiles_of_a_datatype_must_be_met() -> None:
    short = profile("short", "Identifier", {"id": "Identifier.value", "maxLength": 2})
    official = profile("official", "Identifier", {"id": "Identifier.use", "min": 1})
    element = {
        "id": "Patient.identifier",
        "type": [{"code": "Identifier", "profile": [HERE + "short", HERE + "official"]}],
    }
    known = engine(short, official, profile("p", "Patient", element))
    assert (
        found(known, {"resourceType": "Patient", "identifier": [{"value": "ab"}, {"value": "abc", "use": "old"}]}, "p")
        == []
    )
    assert found(known, {"resourceType": "Patient", "identifier": [{"value": "abc"}]}, "p") == [
        ("Patient.identifier[0].value", "value")
    ]


def test_an_unknown_invariant_is_reported() -> None:
    constraint = {"key": "x-1", "severity": "error", "human": "a", "expression": "name.count() < 3"}
    known = engine(profile("p", "Patient", {"id": "Patient.name", "constraint": [constraint]}))
    assert known.unchecked == (f"{HERE}p x-1",)
