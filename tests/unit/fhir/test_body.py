"""A parsed body gives its resource to nobody before the check of depth and names."""

from __future__ import annotations

from typing import Any

import pytest

from app.fhir.body import Unchecked, read_for_engine
from app.fhir.json_faults import MAX_DEPTH
from app.fhir.outcome import Fault, FhirError
from tests.support.unchecked import unchecked

PARAMETERS = {
    "resourceType": "Parameters",
    "parameter": [{"name": "mode", "valueCode": "create"}, {"name": "resource", "resource": {"resourceType": "Claim"}}],
}


def test_the_resource_is_given_after_the_check_of_depth_and_names_only() -> None:
    assert unchecked({"a": 1}).bounded() == {"a": 1}
    nested: Any = 1
    for _ in range(MAX_DEPTH):
        nested = [nested]
    for body in ({"a b": 1}, {"a": nested}):
        with pytest.raises(FhirError) as refused:
            unchecked(body).bounded()
        assert refused.value.fault is Fault.UNREADABLE
    with pytest.raises(AttributeError):
        unchecked({"a": 1}).__resource  # noqa: B018


def test_the_fast_pass_may_vouch_for_the_resource() -> None:
    body = unchecked({"a b": 1})
    assert body.if_valid(lambda resource: "a b" in resource) == {"a b": 1}
    assert body.if_valid(lambda _: False) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("resourceType",), "Parameters"),
        (("parameter", 0, "valueCode"), "create"),
        (("parameter", 2, "name"), ""),
        (("parameter", "name"), ""),
        (("parameter", 0), ""),
        (("a", 0, "b"), ""),
    ],
)
def test_a_text_is_read_from_any_path(path: tuple[str | int, ...], text: str) -> None:
    assert unchecked(PARAMETERS).peek(*path) == text


def test_names_sizes_and_inner_resources_are_read_from_any_path() -> None:
    body = unchecked(PARAMETERS)
    assert (body.size("parameter"), body.size("resourceType"), body.size("a")) == (2, 0, 0)
    assert body.names("parameter", 0) == ("name", "valueCode")
    assert body.names("parameter") == ()
    inner = body.inner("parameter", 1, "resource")
    assert isinstance(inner, Unchecked)
    assert (inner.type, inner.text) == ("Claim", body.text)
    assert body.inner("parameter", 0, "resource") is None


@pytest.mark.parametrize("body", [{}, {"resourceType": "Patient"}, {"resourceType": ["Claim"]}])
def test_another_type_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(FhirError) as refused:
        unchecked(body).expect("Bundle", "Claim")
    assert refused.value.fault is Fault.UNREADABLE
    assert [issue.text for issue in refused.value.issues] == ["`resourceType` must be Bundle or Claim."]


def test_the_type_is_returned() -> None:
    assert unchecked(PARAMETERS).expect("Parameters") == "Parameters"


def test_a_body_that_is_not_a_json_object_is_refused() -> None:
    with pytest.raises(FhirError):
        read_for_engine(b"[]")
