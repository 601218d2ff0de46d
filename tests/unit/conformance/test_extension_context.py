"""Where an extension is valid: the contexts of its definition, and the slices of profiles."""

from __future__ import annotations

from typing import Any

import pytest

from app.conformance.definitions.contexts import read_contexts
from app.conformance.strictness import Level
from tests.unit.conformance.profiles import HERE, Json, engine, found, profile

VALUE: Json = {"url": f"{HERE}x", "valueString": "a"}
OUTER = "https://outer.example.org/x"


def extension(*contexts: tuple[str, str], name: str = "x") -> Json:
    """Return an extension with these contexts."""
    listed = [{"type": type_, "expression": expression} for type_, expression in contexts]
    return profile(name, "Extension", context=listed)


BODIES: dict[str, tuple[Json, str]] = {
    "a resource": ({"resourceType": "Person", "extension": [VALUE]}, "Person"),
    "a backbone element": (
        {"resourceType": "Person", "link": [{"extension": [VALUE], "target": {"display": "a"}}]},
        "Person.link[0]",
    ),
    "a datatype": ({"resourceType": "Person", "identifier": [{"extension": [VALUE]}]}, "Person.identifier[0]"),
    "a datatype in a datatype": (
        {"resourceType": "Person", "identifier": [{"period": {"extension": [VALUE]}}]},
        "Person.identifier[0].period",
    ),
    "a special quantity": (
        {"resourceType": "Condition", "subject": {"display": "a"}, "onsetAge": {"extension": [VALUE]}},
        "Condition.onset",
    ),
    "a primitive": ({"resourceType": "Person", "_birthDate": {"extension": [VALUE]}}, "Person.birthDate"),
    "an element defined elsewhere": (
        {
            "resourceType": "Questionnaire",
            "status": "draft",
            "item": [
                {"linkId": "1", "type": "group", "item": [{"linkId": "2", "type": "display", "extension": [VALUE]}]}
            ],
        },
        "Questionnaire.item[0].item[0]",
    ),
    "a canonical resource": (
        {"resourceType": "Library", "status": "draft", "type": {"text": "a"}, "extension": [VALUE]},
        "Library",
    ),
    "an extension": (
        {"resourceType": "Person", "extension": [{"url": OUTER, "extension": [VALUE]}]},
        "Person.extension[0]",
    ),
    "a contained resource": (
        {
            "resourceType": "Person",
            "managingOrganization": {"reference": "#o"},
            "contained": [{"resourceType": "Organization", "id": "o", "name": "a", "extension": [VALUE]}],
        },
        "Person.contained[0]",
    ),
}

INSIDE = [
    ("a resource", "Person"),
    ("a resource", "DomainResource"),
    ("a resource", "Resource"),
    ("a resource", "Element"),
    ("a backbone element", "Person.link"),
    ("a backbone element", "BackboneElement"),
    ("a datatype", "Identifier"),
    ("a datatype", "Person.identifier"),
    ("a datatype in a datatype", "Period"),
    ("a datatype in a datatype", "Identifier.period"),
    ("a datatype in a datatype", "Person.identifier.period"),
    ("a special quantity", "Quantity"),
    ("a special quantity", "Age"),
    ("a special quantity", "Condition.onset[x]"),
    ("a special quantity", "Condition.onsetAge"),
    ("a primitive", "Person.birthDate"),
    ("a primitive", "date"),
    ("an element defined elsewhere", "Questionnaire.item"),
    ("an element defined elsewhere", "Questionnaire.item.item"),
    ("a canonical resource", "CanonicalResource"),
    ("a canonical resource", "Library"),
    ("an extension", "Extension"),
    ("an extension", "Person.extension"),
    ("a contained resource", "Organization"),
]


@pytest.mark.parametrize(("where", "context"), INSIDE)
def test_an_extension_is_valid_on_an_element_of_its_context(where: str, context: str) -> None:
    body, _ = BODIES[where]
    for contexts in ([("element", context)], [("element", "Basic"), ("element", f"{HERE}p#{context}")]):
        assert found(engine(extension(*contexts)), body) == []


@pytest.mark.parametrize("where", BODIES)
def test_an_extension_is_invalid_outside_its_context(where: str) -> None:
    body, place = BODIES[where]
    named = {context for other, context in INSIDE if other == where} | {"Element", "Any"}
    others = {context for _, context in INSIDE} - named - GENERAL
    known = engine(
        extension(*(("element", context) for context in sorted(others)), ("extension", "https://elsewhere.example.org"))
    )
    assert found(known, body) == [(f"{place}.extension[0]", "extension")]


GENERAL = {"DomainResource", "Resource", "BackboneElement", "Identifier", "Quantity"}
"""Contexts that also contain other bodies than their own."""


def test_an_extension_is_valid_in_another_extension_of_its_context() -> None:
    known = engine(extension(("extension", OUTER)))
    assert found(known, BODIES["an extension"][0]) == []
    assert found(known, BODIES["a resource"][0]) == [("Person.extension[0]", "extension")]


def test_an_extension_is_valid_where_a_profile_has_a_slice_for_it() -> None:
    slice_: Json = {"id": "Person.extension:x", "type": [{"code": "Extension", "profile": [f"{HERE}x"]}]}
    known = engine(extension(("element", "Basic")), profile("p", "Person", slice_))
    body = BODIES["a resource"][0]
    assert found(known, body, "p") == []
    assert found(known, body) == [("Person.extension[0]", "extension")]


def test_a_modifier_extension_has_contexts_too() -> None:
    body = {"resourceType": "Person", "modifierExtension": [VALUE]}
    assert found(engine(extension(("element", "Person"))), body) == []
    assert found(engine(extension(("element", "Basic"))), body) == [("Person.modifierExtension[0]", "extension")]


@pytest.mark.parametrize("contexts", [[], [("element", "Basic"), ("fhirpath", "Person.where(active)")]])
def test_a_context_that_cannot_be_evaluated_excludes_nothing(contexts: list[tuple[str, str]]) -> None:
    assert found(engine(extension(*contexts)), BODIES["a datatype"][0]) == []


def test_the_issue_names_the_contexts_and_is_a_warning_at_the_lenient_level() -> None:
    known = engine(extension(("element", "Basic"), ("element", "Examples.item"), ("extension", OUTER)))
    body = BODIES["a resource"][0]
    for level, severity in ((Level.STRICT, "error"), (Level.STANDARD, "error"), (Level.LENIENT, "warning")):
        (issue,) = known.validate(body, level=level)
        assert issue.severity == severity
        assert issue.text.endswith(f"must be on one of: Basic, the extension {OUTER}.")
        assert issue.diagnostics == f"{HERE}x extension-context"


@pytest.mark.parametrize("context", ["Patient", [{"expression": "Patient"}], ["Patient"]])
def test_malformed_contexts_are_an_error(context: Any) -> None:
    with pytest.raises((LookupError, TypeError)):
        read_contexts({"context": context})
