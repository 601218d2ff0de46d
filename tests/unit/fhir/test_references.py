"""References are found in written JSON."""

from __future__ import annotations

import pytest

from app.fhir.json import encoded
from app.fhir.references import references


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"reference": "Patient/1"}, ["Patient/1"]),
        ({"a": [{"reference": "#b"}, {"c": {"reference": "urn:x"}}], "d": {"reference": "#b"}}, ["#b", "urn:x", "#b"]),
        ({"reference": 'a"b\\c'}, ['a"b\\c']),
        ({"reference": {"value": "1"}}, []),
        ({"reference": ""}, [""]),
        ({"text": '"reference":"Patient/1"', "xreference": "a", "_reference": {"id": "b"}}, []),
        ({"text": '\\"reference":"Patient/1"'}, []),
        ({"display": "reference", "other": 'x"reference"'}, []),
        ({}, []),
    ],
)
def test_references_are_found_at_any_depth(value: dict[str, object], found: list[str]) -> None:
    assert references(encoded(value)) == found
