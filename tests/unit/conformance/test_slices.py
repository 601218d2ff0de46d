from __future__ import annotations

from typing import Any

import pytest

from app.conformance.definitions.node import NotUnderstood
from tests.unit.conformance.profiles import HERE, R4, engine, found, profile, sliced

Json = dict[str, Any]

OFFICIAL = {"id": "Patient.identifier:official", "min": 1, "max": "1"}


def patient(*identifiers: Json, **also: Any) -> Json:
    return {"resourceType": "Patient", "identifier": list(identifiers), **also}


def test_a_fixed_value_can_discriminate() -> None:
    elements = (
        sliced("Patient.identifier", "value", "use"),
        OFFICIAL,
        {"id": "Patient.identifier:official.use", "fixedCode": "official"},
    )
    known = engine(profile("p", "Patient", *elements))
    assert found(known, patient({"use": "official"}, {"use": "old"}), "p") == []
    assert found(known, patient({"use": "old"}), "p") == [("Patient.identifier", "required")]
    assert found(known, patient({"use": "official"}, {"use": "official"}), "p") == [("Patient.identifier", "structure")]
    assert found(known, {"resourceType": "Patient", "active": True}, "p") == [("Patient.identifier", "required")]


def test_existence_can_discriminate() -> None:
    elements = (
        sliced("Patient.identifier", "exists", "period"),
        OFFICIAL,
        {"id": "Patient.identifier:official.period", "min": 1},
        {"id": "Patient.identifier:other"},
        {"id": "Patient.identifier:other.period", "max": "0"},
    )
    known = engine(profile("p", "Patient", *elements))
    assert found(known, patient({"period": {"start": "2026"}}, {"value": "a"}), "p") == []
    assert found(known, patient({"value": "a"}), "p") == [("Patient.identifier", "required")]


def test_the_type_of_a_resource_can_discriminate() -> None:
    elements = (
        sliced("Bundle.entry", "type", "resource"),
        {"id": "Bundle.entry:patient", "min": 1},
        {"id": "Bundle.entry:patient.resource", "min": 1, "type": [{"code": "Patient"}]},
    )
    known = engine(profile("b", "Bundle", *elements))
    bundle: Json = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": "a"}}],
    }
    assert found(known, bundle, "b") == []
    bundle["entry"][0]["resource"]["resourceType"] = "Person"
    assert found(known, bundle, "b") == [("Bundle.entry", "required")]


def test_the_profile_of_a_target_can_discriminate() -> None:
    elements = (
        sliced("List.entry", "profile", "item.resolve()"),
        {"id": "List.entry:named", "min": 1},
        {"id": "List.entry:named.item", "type": [{"code": "Reference", "targetProfile": [HERE + "named"]}]},
    )
    named = profile("named", "Patient", {"id": "Patient.name", "min": 1})
    known = engine(named, profile("l", "List", *elements))
    body: Json = {"resourceType": "List", "status": "current", "mode": "working"}
    body["contained"] = [{"resourceType": "Patient", "id": "p", "name": [{"family": "a"}]}]
    body["entry"] = [{"item": {"reference": "#p"}}]
    assert found(known, body, "l") == []
    body["contained"][0].pop("name")
    body["contained"][0]["active"] = True
    assert ("List.entry", "required") in found(known, body, "l")


def test_the_type_of_a_target_can_discriminate() -> None:
    elements = (
        sliced("CareTeam.participant", "type", "member.resolve()"),
        {"id": "CareTeam.participant:person", "min": 1},
        {
            "id": "CareTeam.participant:person.member",
            "type": [{"code": "Reference", "targetProfile": [R4 + "Practitioner"]}],
        },
    )
    known = engine(profile("c", "CareTeam", *elements))
    team: Json = {"resourceType": "CareTeam", "participant": [{"member": {"reference": "Practitioner/a"}}]}
    people = [
        {"resourceType": "Practitioner", "id": "a", "active": True},
        {"resourceType": "Patient", "id": "a", "active": True},
    ]
    base = "https://ehr.example.org/fhir/"
    entries = [{"fullUrl": f"{base}{one['resourceType']}/a", "resource": one} for one in people]
    team["id"], team["meta"] = "t", {"profile": [HERE + "c"]}
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": base + "CareTeam/t", "resource": team}, *entries],
    }
    assert found(known, bundle) == []
    team["participant"][0]["member"]["reference"] = "Patient/a"
    at = "Bundle.entry[0].resource.participant"
    assert found(known, bundle) == [(at, "required")]


def test_an_extension_can_discriminate() -> None:
    url = HERE + "main"
    elements = (
        sliced("Patient.contact", "value", f"extension('{url}').value.ofType(boolean)"),
        {"id": "Patient.contact:main", "max": "1"},
        {"id": "Patient.contact:main.extension:main", "min": 1, "type": [{"code": "Extension", "profile": [url]}]},
        {"id": "Patient.contact:main.extension:main.value[x]", "fixedBoolean": True},
        {"id": "Patient.contact:main.relationship", "min": 1},
    )
    extension = profile(
        "main",
        "Extension",
        {"id": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "type": [{"code": "boolean"}]},
    )
    known = engine(profile("p", "Patient", *elements), extension)
    contact: Json = {"extension": [{"url": url, "valueBoolean": True}], "gender": "female", "name": {"family": "a"}}
    body = {"resourceType": "Patient", "contact": [contact]}
    assert found(known, body, "p") == [("Patient.contact[0].relationship", "required")]
    contact["extension"][0]["valueBoolean"] = False
    assert found(known, body, "p") == []


def test_a_closed_element_allows_only_its_slices() -> None:
    elements = (
        sliced("Patient.identifier", "value", "use", rules="closed"),
        {"id": "Patient.identifier:official.use", "fixedCode": "official"},
    )
    known = engine(profile("p", "Patient", *elements))
    assert found(known, patient({"use": "official"}), "p") == []
    assert found(known, patient({"use": "old"}), "p") == [("Patient.identifier[0]", "structure")]


def test_ordered_slices_must_be_in_order() -> None:
    elements = (
        sliced("Patient.identifier", "value", "use", ordered=True),
        {"id": "Patient.identifier:official.use", "fixedCode": "official"},
        {"id": "Patient.identifier:old.use", "fixedCode": "old"},
    )
    known = engine(profile("p", "Patient", *elements))
    assert found(known, patient({"use": "official"}, {"use": "old"}), "p") == []
    assert found(known, patient({"use": "old"}, {"use": "official"}), "p") == [("Patient.identifier", "structure")]


def test_a_known_value_set_can_discriminate() -> None:
    value_set = {
        "resourceType": "ValueSet",
        "url": HERE + "v",
        "compose": {"include": [{"system": "urn:x", "concept": [{"code": "a"}]}]},
    }
    elements = (
        sliced("Patient.maritalStatus.coding", "value", "$this"),
        {
            "id": "Patient.maritalStatus.coding:x",
            "min": 1,
            "binding": {"strength": "required", "valueSet": HERE + "v|2"},
        },
    )
    body = {"resourceType": "Patient", "maritalStatus": {"coding": [{"system": "urn:x", "code": "b"}]}}
    assert found(engine(profile("p", "Patient", *elements), value_set), body, "p") == [
        ("Patient.maritalStatus.coding", "required")
    ]
    assert found(engine(profile("p", "Patient", *elements)), body, "p") == []


@pytest.mark.parametrize(
    ("by", "path"),
    [
        ("position", "$this"),
        ("value", "use.lower()"),
        ("value", "period"),
        ("value", "ofType(Period)"),
        ("value", "nothing"),
        ("exists", "period"),
        ("type", "period"),
        ("profile", "period"),
    ],
)
def test_a_discriminator_without_a_decision_does_not_compile(by: str, path: str) -> None:
    elements = (sliced("Patient.identifier", by, path), {"id": "Patient.identifier:x.period"})
    with pytest.raises(NotUnderstood):
        engine(profile("p", "Patient", *elements))


def test_slices_without_a_discriminator_or_of_slices_do_not_compile() -> None:
    with pytest.raises(NotUnderstood, match="no discriminator"):
        engine(profile("p", "Patient", {"id": "Patient.identifier:x", "min": 1}))
    elements = (sliced("Patient.identifier", "value", "use"), {"id": "Patient.identifier:x/y.use", "fixedCode": "old"})
    with pytest.raises(NotUnderstood, match="slices a slice"):
        engine(profile("p", "Patient", *elements))


def test_an_extension_slice_without_a_url_does_not_compile() -> None:
    with pytest.raises(NotUnderstood, match="has no URL"):
        engine(profile("p", "Patient", {"id": "Patient.extension:x", "min": 1}))
