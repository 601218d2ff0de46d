"""What a fullUrl is made of, whatever entries stand before."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.bundle_index import BundleIndex

BASE = "https://a.example/fhir/"


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
def test_a_full_url_is_taken_apart_alike_after_an_entry_of_the_same_base(
    url: str, type_: str, id_: Any, parts: tuple[str, str, str] | None
) -> None:
    assert restful(entry(url, type_, id_)) == parts
    assert restful(entry(BASE + "Claim/c-1", "Claim", "c-1"), entry(url, type_, id_)) == parts
