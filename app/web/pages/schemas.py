"""Write the schemas of R4 types for OpenAPI from our R4 table and from the models of `fhir.resources`.

https://spec.openapis.org/oas/v3.1.1.html#schema-object. The structure comes from the table, as `model_json_schema` has
the elements of R4B, `{}` for every complex element, and no codes of required bindings. Titles and patterns of values
come from the models. They are imported with the first schema, as they take a second and tens of megabytes.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.base.table import BaseElement, TypeOf, is_resource, is_type, named

Json = dict[str, Any]

REF = "#/components/schemas/"

MOST_CHOICES = 12
"""An element with more types, such as the value of an extension, may have any content in the schema: a full description
would add every type of R4 to each extension."""

_MODELS = "fhir.resources.R4B"
_VALUE_KEYWORDS = ("type", "pattern", "format", "minimum", "exclusiveMinimum", "minLength")
_ANY_RESOURCE = {
    "type": "object",
    "description": "A resource of any type.",
    "properties": {"resourceType": {"type": "string"}, "id": {"type": "string"}},
    "required": ["resourceType"],
}


def schemas(types: Iterable[str]) -> dict[str, Json]:
    """Return the schemas of resource types, and of the types of their elements, by name."""
    written: dict[str, Json] = {"Resource": _ANY_RESOURCE}
    waiting = [(type_, type_) for type_ in types]
    while waiting:
        type_, root = waiting.pop()
        if type_ in written:
            continue
        written[type_] = _schema(type_, _model_properties(type_, root))
        waiting += [
            (name, _root(name, root)) for _, of in _closed_elements(type_).values() if is_type(name := _name(of))
        ]
    return dict(sorted(written.items()))


def _closed_elements(type_: str) -> dict[str, tuple[BaseElement, TypeOf]]:
    """Return the elements with at most MOST_CHOICES types, by their names in JSON."""
    return {name: (element, of) for name, (element, of) in named(type_).items() if len(element.types) <= MOST_CHOICES}


def _root(type_: str, root: str) -> str:
    """Return the type whose module has the model: backbone types share the module of their resource or data type."""
    return root if type_ != root and type_.startswith(root) else type_


def _model_properties(type_: str, root: str) -> Json:
    """Return the model's schema of each element, by its name in JSON."""
    module = importlib.import_module(f"{_MODELS}.{root.lower()}")
    properties: Json = getattr(module, type_).model_json_schema()["properties"]
    return properties


def _schema(type_: str, model_properties: Json) -> Json:
    properties = {
        name: _element(element, of, model_properties.get(name, {}))
        for name, (element, of) in _closed_elements(type_).items()
    }
    required = [
        name for name, (element, _) in _closed_elements(type_).items() if element.minimum and not element.choice
    ]
    open_choices = {element.name for element, _ in named(type_).values() if len(element.types) > MOST_CHOICES}
    if is_resource(type_):
        properties = {"resourceType": {"const": type_}, **properties}
        required = ["resourceType", *required]
    schema: Json = {
        "type": "object",
        "properties": properties,
        "patternProperties": {"^_": {}, **{f"^{name}[A-Z]": {} for name in sorted(open_choices)}},
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _element(element: BaseElement, of: TypeOf, model_property: Json) -> Json:
    value = {"$ref": REF + _name(of)} if is_type(_name(of)) else _primitive(of, model_property)
    title = {"description": model_property["title"]} if "title" in model_property else {}
    return {**title, "type": "array", "items": value} if element.many else {**title, **value}


def _primitive(of: TypeOf, model_property: Json) -> Json:
    """Return the model's schema of a value, without null and with the codes of R4."""
    shape = _not_null(model_property)
    shape = _not_null(shape.get("items", shape))
    codes = {"enum": sorted(of.codes)} if of.codes else {}
    return {name: shape[name] for name in _VALUE_KEYWORDS if name in shape} | codes


def _not_null(schema: Json) -> Json:
    return next((choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"), schema)


def _name(of: TypeOf) -> str:
    return "Quantity" if of.name == SIMPLE_QUANTITY else of.name
