"""The index resolves the references of a body of any JSON types."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.bundle import LONGEST_URL, BundleIndex, absolute, alone

BASE = "https://a.example/fhir/"
URN = "urn:uuid:6a1c2b1e-3a52-4dd0-9a7f-0f2b8a9d1c11"


def restful(*entries: dict[str, Any]) -> tuple[str, str, str] | None:
    return BundleIndex({"entry": list(entries)}).entries[-1].restful


def entry(url: str, type_: Any, id_: Any = None) -> dict[str, Any]:
    return {"fullUrl": url, "resource": {"resourceType": type_} | ({} if id_ is None else {"id": id_})}


@pytest.mark.parametrize(
    ("url", "type_", "id_", "parts"),
    [
        (BASE + "Patient/p-1", "Patient", "p-1", (BASE, "Patient", "p-1")),
        (BASE + "Patient/p-1", "Patient", None, (BASE, "Patient", "p-1")),
        (BASE + "Patient/p-1", "Claim", "c-1", (BASE, "Patient", "p-1")),
        (BASE + "Patient/5", "Patient", 5, (BASE, "Patient", "5")),
        ("https://b.example/Patient/p-1", "Patient", "p-1", ("https://b.example/", "Patient", "p-1")),
        (BASE + "Patient/a/b", "Patient", "a/b", None),
        (BASE + "Patient/p_1", "Patient", "p_1", None),
        (BASE + "patient/p-1", "patient", "p-1", None),
        (BASE + "/p-1", "", "p-1", None),
        (BASE + "Patient/", "Patient", "", None),
        ("Patient/p-1", "Patient", "p-1", None),
        (BASE + f"Patient/{'p' * 65}", "Patient", "p" * 65, None),
    ],
)
def test_a_restful_full_url_has_base_type_and_id(
    url: str, type_: str, id_: Any, parts: tuple[str, str, str] | None
) -> None:
    assert restful(entry(url, type_, id_)) == parts
    assert restful(entry(BASE + "Claim/c-1", "Claim", "c-1"), entry(url, type_, id_)) == parts


@pytest.mark.parametrize(
    ("reference", "full_url", "meant"),
    [
        ("Patient/1", "https://a.example/fhir/Claim/9", "https://a.example/fhir/Patient/1"),
        ("Patient/1/_history/3", "https://a.example/fhir/Claim/9", "https://a.example/fhir/Patient/1"),
        ("https://b.example/Patient/1/_history/2", "https://a.example/fhir/Claim/9", "https://b.example/Patient/1"),
        (URN, "https://a.example/fhir/Claim/9", URN),
        (URN, "", URN),
        ("Patient/1", URN, None),
        ("Patient/1", "", None),
        ("Patient/1", "https://a.example/not-restful", None),
    ],
)
def test_a_reference_stands_for_a_url(reference: str, full_url: str, meant: str | None) -> None:
    assert absolute(reference, BundleIndex({"entry": [entry(full_url, "Claim")]}).entries[0]) == meant


def test_a_full_url_that_is_too_long_has_no_base() -> None:
    longest = "https://a.example/" + "a" * (LONGEST_URL - 28) + "/Patient/1"
    index = BundleIndex({"entry": [entry(longest, "Patient"), entry("h" + longest, "Patient")]})
    assert [one.base is None for one in index.entries] == [False, True]
    index = BundleIndex({"entry": [entry(longest.replace("aaa", "aaaa", 1), "Patient")]})
    assert index.entries[0].restful is not None
    assert index.entries[0].base is None


def test_a_source_outside_the_body_uses_absolute_references_only() -> None:
    index = BundleIndex({"entry": [entry(BASE + "Patient/1", "Patient"), entry(URN, "Claim")]})
    assert index.resolve(BASE + "Patient/1", None) is index.entries[0]
    assert index.resolve(URN, None) is index.entries[1]
    assert [index.resolve(reference, None) for reference in ("Patient/1", "#p", "#", "")] == [None] * 4


def test_a_resource_that_stands_alone_refers_to_its_contained_resources_only() -> None:
    claim = alone({"resourceType": "Claim", "contained": [{"resourceType": "Patient", "id": "p"}]})
    patient = BundleIndex({}).resolve("#p", claim)
    assert patient is not None
    assert (patient.type, patient.full_url, patient.container) == ("Patient", "", claim)
    assert [BundleIndex({}).resolve(reference, claim) for reference in ("#", "#q", "Patient/p", URN)] == [None] * 4
    assert alone([]).type == ""


def test_a_contained_resource_has_the_base_and_the_neighbors_of_its_container() -> None:
    contained = [{"resourceType": "Patient", "id": "p"}, {"resourceType": "Basic", "id": "p"}]
    claim = {"fullUrl": BASE + "Claim/1", "resource": {"resourceType": "Claim", "contained": contained}}
    index = BundleIndex({"entry": [claim, entry(BASE + "Organization/1", "Organization")]})
    patient = index.resolve("#p", index.entries[0])
    assert patient is not None
    assert patient.resource is contained[0]
    assert index.resolve("#p", patient) is patient
    assert index.resolve("Organization/1", patient) is index.entries[1]


WRONG: tuple[Any, ...] = (None, 5, "a", [], {}, [5], [None], [{"id": 5}], True)


@pytest.mark.parametrize("wrong", WRONG)
def test_no_json_type_breaks_the_index(wrong: Any) -> None:
    for bundle in ({"entry": wrong}, {"entry": [wrong]}):
        assert all(one.type == "" for one in BundleIndex(bundle).entries)
    first = {"fullUrl": wrong, "resource": {"resourceType": wrong, "contained": wrong}}
    index = BundleIndex({"entry": [first, {"fullUrl": BASE + "Claim/1", "resource": wrong}]})
    assert index.entries[1].resource == (wrong if isinstance(wrong, dict) else {})
    assert [index.resolve(reference, source) for source in index.entries for reference in ("#p", "#", "a")] == [
        None
    ] * 6


def test_the_first_of_two_entries_with_the_same_full_url_counts() -> None:
    index = BundleIndex({"entry": [entry(URN, "Claim"), entry(URN, "Patient")]})
    assert index.by_url[URN] is index.entries[0]
    assert index.at((("Bundle", "entry"), 1)) is index.entries[1]
    assert (index.at("Bundle"), index.at((("Bundle", "entry"), 2))) == (None, None)
