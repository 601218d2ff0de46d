import importlib
from typing import Any

import pytest

from app.search.parameters import PARAMETERS
from app.search.subset_elements import ELEMENTS

OF_EVERY_TYPE = {"resourceType", "id", "meta", "implicitRules", "language"}
MODIFIERS = {"Patient": {"active", "deceasedBoolean", "deceasedDateTime", "link"}, "Organization": {"active"}}
"""R4's modifier elements that are not mandatory; the models do not know them."""


def model(module: str, name: str) -> Any:
    return getattr(importlib.import_module(f"fhir.resources.R4B.{module.lower()}"), name)


def declared(of: Any, what: str) -> set[str]:
    """Return the elements, by their names in JSON, of which the model declares this."""
    fields = ((field.alias or name, field) for name, field in of.model_fields.items())
    return {name for name, field in fields if (field.json_schema_extra or {}).get(what) or _is_so(field, what)}


def _is_so(field: Any, what: str) -> bool:
    return what == "element_required" and bool(field.is_required())


def test_every_served_type_has_its_elements() -> None:
    assert set(ELEMENTS) == set(PARAMETERS)


@pytest.mark.parametrize("type_", ELEMENTS)
def test_the_elements_are_those_of_the_type(type_: str) -> None:
    assert ELEMENTS[type_].names == {"resourceType", *model(type_, type_).elements_sequence()}


@pytest.mark.parametrize("type_", ELEMENTS)
def test_the_mandatory_elements_are_those_of_the_type(type_: str) -> None:
    assert ELEMENTS[type_].mandatory == declared(model(type_, type_), "element_required") - OF_EVERY_TYPE
    assert ELEMENTS[type_].modifiers == MODIFIERS.get(type_, set())


@pytest.mark.parametrize("type_", ELEMENTS)
def test_the_summary_is_that_of_the_type(type_: str) -> None:
    row = ELEMENTS[type_]
    assert row.kept | row.summary == {
        "resourceType",
        "modifierExtension",
        *model(type_, type_).summary_elements_sequence(),
        *row.mandatory,
    }


@pytest.mark.parametrize(
    ("type_", "element", "name"),
    [
        ("Claim", "insurance", "ClaimInsurance"),
        ("ClaimResponse", "total", "ClaimResponseTotal"),
        ("Patient", "link", "PatientLink"),
    ],
)
def test_the_summary_of_a_list_is_that_of_its_elements(type_: str, element: str, name: str) -> None:
    """These are all the lists of elements of their own that are in a summary."""
    of = model(type_, name)
    whole = set(of.elements_sequence()) - {"extension", "id"}
    shown = set(of.summary_elements_sequence())
    expected = {} if whole == shown else {element: {*shown, "id"}}
    assert dict(ELEMENTS[type_].within) == expected
