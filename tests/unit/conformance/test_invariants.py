"""Compare each predicate with an evaluation of its FHIRPath."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.conformance.invariants.invariant import Invariant
from app.conformance.invariants.registry import INVARIANTS, KNOWN, LEFT_OUT, of_element, of_type

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    fhirpathpy = pytest.importorskip("fhirpathpy", reason="fhirpathpy, the oracle of the invariants, is not installed")
    models = pytest.importorskip("fhirpathpy.models").models

Json = dict[str, Any]

TABLE = Path(__file__).with_name("invariant_cases.yaml")
CASES: list[Json] = YAML(typ="safe").load(TABLE.read_text(encoding="utf-8"))

BY_HAND: dict[str, tuple[Any, Any]] = {
    "age-1": ({"value": 3, "code": "a", "system": "http://unitsofmeasure.org"}, {"value": 0, "code": "a"}),
    "cnt-3": ({"value": Decimal("3.0"), "code": "1"}, {"value": Decimal("3.5"), "code": "1"}),
    "dis-1": ({"value": 3, "code": "m"}, {"value": 3, "code": "m", "system": "urn:x"}),
    "drq-2": ({"path": "a"}, {}),
    "drt-1": ({"value": 1, "code": "h", "system": "http://unitsofmeasure.org"}, {"code": "h"}),
    "per-1": ({"start": "2026-02", "end": "2026-02-01"}, {"start": "2026-02-02", "end": "2026-02-01T10:00:00Z"}),
    "rng-2": ({"low": {"value": 1}, "high": {"value": 1}}, {"low": {"value": 2}, "high": {"value": 1}}),
    "rat-1": ({"numerator": {}, "denominator": {}}, {"numerator": {}}),
    "trd-3": ({"type": "periodic", "timingDate": "2026"}, {"type": "data-added"}),
    "bdl-3": ({"type": "batch", "entry": [{"request": {}}]}, {"type": "collection", "entry": [{"request": {}}]}),
    "bdl-4": ({"type": "history", "entry": [{"response": {}}]}, {"type": "history", "entry": [{}]}),
    "bdl-10": ({"type": "document", "timestamp": "a"}, {"type": "document"}),
    "bdl-11": ({"type": "document", "entry": [{"resource": {"resourceType": "Composition"}}]}, {"type": "document"}),
    "bdl-12": ({"type": "message", "entry": [{"resource": {"resourceType": "MessageHeader"}}]}, {"type": "message"}),
    "dom-3": (
        {"contained": [{"id": "a"}], "subject": {"reference": "#a"}},
        {"contained": [{"id": "a"}, {"id": "b", "part": {"reference": "#"}}], "subject": {"reference": "#c"}},
    ),
    "que-7": ({"operator": "exists", "answerBoolean": True}, {"operator": "exists", "answerString": "a"}),
    "us-core-23": (
        {"extension": [{"url": "ombCategory", "valueCoding": {"code": "UNK"}}]},
        {"extension": [{"url": "ombCategory", "valueCoding": {"code": "UNK"}}] * 2},
    ),
    "FullDateRule": ("2026-11-20", "2026-11"),
}
"""Invariants that the oracle cannot evaluate (hasValue, is, partial dates, primitives), with a good and a bad value."""


def at(value: Any, path: list[str]) -> list[Any]:
    """Return the value at a path; choice elements have no type in their name."""
    if not path:
        return [value]
    found = [
        one
        for name, one in value.items()
        if name == path[0] or (name.startswith(path[0]) and name[len(path[0])].isupper())
    ]
    return [
        below for one in found for each in (one if isinstance(one, list) else [one]) for below in at(each, path[1:])
    ]


def the(key: str, start: str = "") -> Invariant:
    (found,) = [one for one in INVARIANTS if one.key == key and one.expression.startswith(start)]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["key"])
def test_the_predicate_and_the_expression_agree(case: Json) -> None:
    invariant = the(case["key"], case.get("starts", ""))
    question = f"{case['path']}.all({invariant.expression})"
    for resource, expected in ((case["good"], True), (case["bad"], False)):
        values = at(resource, case["path"].split(".")[1:])
        assert all(map(invariant.holds, values)) is expected
        assert fhirpathpy.evaluate(resource, question, {"resource": resource}, models["r4"]) == [expected]


@pytest.mark.parametrize("key", BY_HAND)
def test_the_predicate_agrees_with_the_expression(key: str) -> None:
    good, bad = BY_HAND[key]
    assert the(key).holds(good)
    assert not the(key).holds(bad)


def test_every_invariant_has_a_case() -> None:
    cased = {(case["key"], the(case["key"], case.get("starts", "")).expression) for case in CASES}
    cased |= {(key, the(key).expression) for key in BY_HAND}
    assert {(one.key, one.expression) for one in INVARIANTS} == cased


def test_no_two_invariants_are_known_by_the_same_key_and_expression() -> None:
    assert len(KNOWN) == sum(1 + len(one.also) for one in INVARIANTS)
    assert not {one.key for one in INVARIANTS} & set(LEFT_OUT)


def test_an_invariant_applies_to_the_subtypes_of_its_type() -> None:
    assert {"dom-2", "pat-1"} - {one.key for one in of_type("Patient")} == {"pat-1"}
    assert {"qty-3", "age-1"} <= {one.key for one in of_type("Age")}
    assert [one.key for one in of_element("Organization.address")] == ["org-2"]
