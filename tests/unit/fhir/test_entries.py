"""Entries resolve references to Elements and note the issues of entries."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.bundle import LONGEST_URL
from app.fhir.element import Element
from app.fhir.entries import Entries, ResourceElement
from app.fhir.issues import Issues

URN = "urn:uuid:6a1c2b1e-3a52-4dd0-9a7f-0f2b8a9d1c11"


def entries_of(*entries: Any) -> tuple[Entries, Issues]:
    issues = Issues()
    return Entries(Element({"entry": list(entries)}, issues, "Bundle")), issues


def entry(full_url: str, kind: str = "Patient", **fields: Any) -> dict[str, Any]:
    return {"fullUrl": full_url, "resource": {"resourceType": kind, **fields}}


def url_of(found: ResourceElement | None) -> str | None:
    return None if found is None else found.full_url


def test_the_base_is_that_of_the_referring_entry() -> None:
    entries, issues = entries_of(
        entry("https://a.example/fhir/Claim/1", "Claim"),
        entry("https://b.example/fhir/Claim/1", "Claim"),
        entry("https://a.example/fhir/Patient/1"),
        entry("https://b.example/fhir/Patient/1"),
    )
    first, second = entries.all[:2]
    assert url_of(entries.resolve("Patient/1", first)) == "https://a.example/fhir/Patient/1"
    assert url_of(entries.resolve("Patient/1", second)) == "https://b.example/fhir/Patient/1"
    assert entries.resolve("Patient/2", first) is None
    assert issues == []


def test_two_entries_with_one_full_url_are_an_issue() -> None:
    _, issues = entries_of(entry(URN), entry(URN))
    assert [(issue.expression, issue.code) for issue in issues] == [("Bundle.entry[1].fullUrl", "duplicate")]


def test_entries_without_url_or_resource_are_issues_and_the_rest_is_read() -> None:
    entries, issues = entries_of({"resource": {"resourceType": "Patient"}}, {"fullUrl": URN}, entry("u", ""))
    assert [issue.expression for issue in issues] == [
        "Bundle.entry[0].fullUrl",
        "Bundle.entry[1].resource",
    ]
    assert [resource.entry.number for resource in entries.all] == [0, 2]
    assert entries.first is entries.all[0]


def test_a_first_entry_without_a_resource_gives_none() -> None:
    entries, _ = entries_of({"fullUrl": URN}, entry("https://a.example/fhir/Claim/1", "Claim"))
    assert entries.first is None


def test_a_contained_resource_is_found_in_its_container_and_so_is_its_neighbor() -> None:
    contained = [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Organization", "id": "o"}]
    entries, _ = entries_of(entry("https://a.example/fhir/Claim/1", "Claim", contained=contained))
    patient = entries.resolve("#p", entries.all[0])
    assert patient is not None
    assert patient.resource.path == "Bundle.entry[0].resource.contained[0]"
    neighbor = entries.resolve("#o", patient)
    assert neighbor is not None
    assert neighbor.type == "Organization"
    assert entries.resolve("#x", patient) is None


def test_an_optional_reference_that_does_not_resolve_is_a_warning() -> None:
    entries, issues = entries_of(entry("https://a.example/fhir/Claim/1", "Claim", provider={"reference": "Patient/9"}))
    claim = entries.all[0]
    assert entries.optional(claim, claim.resource, "provider", ("Patient",)) is None
    assert entries.optional(claim, claim.resource, "enterer", ("Patient",)) is None
    assert [(issue.severity, issue.expression) for issue in issues] == [
        ("warning", "Bundle.entry[0].resource.provider")
    ]


@pytest.mark.parametrize(
    ("patient", "place", "code"),
    [
        ({"reference": "Patient/9"}, "patient", "not-found"),
        ({"display": "somebody"}, "patient", "not-found"),
        ({"reference": "Claim/1"}, "patient", "value"),
    ],
)
def test_a_required_reference_must_refer_to_an_entry_of_its_type(patient: Any, place: str, code: str) -> None:
    entries, issues = entries_of(entry("https://a.example/fhir/Claim/1", "Claim", patient=patient))
    assert entries.required(entries.all[0], "patient", ("Patient",)) is None
    assert [(issue.expression, issue.code) for issue in issues] == [(f"Bundle.entry[0].resource.{place}", code)]


def test_the_first_of_two_contained_resources_with_the_same_id_counts() -> None:
    contained = [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Organization", "id": "p"}]
    entries, _ = entries_of(entry("https://a.example/fhir/Claim/1", "Claim", contained=contained))
    found = entries.resolve("#p", entries.all[0])
    assert found is not None
    assert found.type == "Patient"


def test_a_full_url_must_not_be_too_long() -> None:
    longest = "https://a.example/" + "a" * (LONGEST_URL - 28) + "/Patient/1"
    assert (len(longest), entries_of(entry(longest))[1]) == (LONGEST_URL, [])
    _, issues = entries_of(entry("h" + longest))
    assert [(issue.expression, issue.code) for issue in issues] == [("Bundle.entry[0].fullUrl", "too-long")]
