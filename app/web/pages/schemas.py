"""Schemas of R4 types for OpenAPI: the structure of our R4 table, the words and patterns of `fhir.resources`.

https://spec.openapis.org/oas/v3.1.1.html#schema-object. The models are imported with the first schema, as they take a
second and tens of megabytes, which a server whose documentation nobody reads must not spend.
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
"""An element of more types may have any type at all, as the value of an extension; told one by one, it would fill the
document, and each extension would contain every type of R4."""

_MODELS = "fhir.resources.R4B"
_OF_VALUES = ("type", "pattern", "format", "minimum", "exclusiveMinimum", "minLength")
_ANY_RESOURCE = {
    "type": "object",
    "description": "A resource of any type.",
    "properties": {"resourceType": {"type": "string"}, "id": {"type": "string"}},
    "required": ["resourceType"],
}


def schemas(types: Iterable[str]) -> dict[str, Json]:
    """Return the schemas of resource types, and of all that they are made of, by name."""
    found: dict[str, Json] = {"Resource": _ANY_RESOURCE}
    waiting = [(type_, type_) for type_ in types]
    while waiting:
        type_, root = waiting.pop()
        if type_ in found:
            continue
        found[type_] = _schema(type_, _words(type_, root))
        waiting += [(name, _root(name, root)) for _, of in _told(type_).values() if is_type(name := _name(of))]
    return dict(sorted(found.items()))


def _told(type_: str) -> dict[str, tuple[BaseElement, TypeOf]]:
    """Return the elements that are told one by one, by their names in JSON."""
    return {name: (element, of) for name, (element, of) in named(type_).items() if len(element.types) <= MOST_CHOICES}


def _root(type_: str, root: str) -> str:
    """Return the type whose module has the model: parts of a resource or of a data type stand beside it."""
    return root if type_ != root and type_.startswith(root) else type_


def _words(type_: str, root: str) -> Json:
    """Return the model's own schema of each element, by its name in JSON."""
    module = importlib.import_module(f"{_MODELS}.{root.lower()}")
    properties: Json = getattr(module, type_).model_json_schema()["properties"]
    return properties


def _schema(type_: str, words: Json) -> Json:
    properties = {name: _element(element, of, words.get(name, {})) for name, (element, of) in _told(type_).items()}
    required = [name for name, (element, _) in _told(type_).items() if element.minimum and not element.choice]
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


def _element(element: BaseElement, of: TypeOf, words: Json) -> Json:
    value = {"$ref": REF + _name(of)} if is_type(_name(of)) else _primitive(of, words)
    title = {"description": words["title"]} if "title" in words else {}
    return {**title, "type": "array", "items": value} if element.many else {**title, **value}


def _primitive(of: TypeOf, words: Json) -> Json:
    """Take from the model what a value looks like; JSON has no null in FHIR, and codes are those of R4."""
    shape = _not_null(words)
    shape = _not_null(shape.get("items", shape))
    codes = {"enum": sorted(of.codes)} if of.codes else {}
    return {name: shape[name] for name in _OF_VALUES if name in shape} | codes


def _not_null(words: Json) -> Json:
    return next((one for one in words.get("anyOf", ()) if one.get("type") != "null"), words)


def _name(of: TypeOf) -> str:
    return "Quantity" if of.name == SIMPLE_QUANTITY else of.name
