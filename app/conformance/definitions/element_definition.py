"""Read the ElementDefinitions of a profile into a tree (http://hl7.org/fhir/R4/elementdefinition.html)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.conformance.definitions.node import Constraint, Discriminator, Given, Node, ProfiledType, Slicing

Json = dict[str, Any]

_FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
_SYSTEM = "http://hl7.org/fhirpath/System."


def tree(elements: Iterable[Json], source: str) -> Node:
    """Read the elements of a snapshot or differential. `source` is the canonical URL of its StructureDefinition."""
    root = Node(source)
    for element in elements:
        node = _at(root, str(element.get("id") or element["path"]).split(".")[1:])
        _state(node, element)
    root.minimum, root.maximum = 0, None
    return root


def unversioned(canonical: str) -> str:
    """Return a canonical URL without its version."""
    return canonical.partition("|")[0]


def _at(root: Node, steps: list[str]) -> Node:
    """Return the node for the steps of an element id, and create missing nodes. A slice is a step of its own."""
    node = root
    for step in steps:
        name, _, slice_ = step.partition(":")
        node = node.children.setdefault(name.removesuffix("[x]"), Node(root.source))
        if slice_:
            node = node.slices.setdefault(slice_, Node(root.source))
    return node


def _state(node: Node, element: Json) -> None:
    """Set the constraints of one ElementDefinition on its node."""
    most = element.get("max", "*")
    node.minimum, node.maximum = element.get("min", 0), None if most == "*" else int(most)
    node.types = tuple(map(_type, element.get("type", ())))
    node.given = tuple(_given(element))
    node.bindings = _required_binding(element.get("binding", {}))
    node.constraints = tuple(
        Constraint(
            constraint["key"], constraint.get("expression", ""), constraint.get("severity", "error"), node.source
        )
        for constraint in element.get("constraint", ())
    )
    node.max_length = element.get("maxLength")
    node.least_value, node.most_value = _starting(element, "minValue"), _starting(element, "maxValue")
    node.slicing = _slicing(element.get("slicing"))


def _given(element: Json) -> Iterable[Given]:
    for name, value in element.items():
        for kind in ("fixed", "pattern"):
            if name.startswith(kind):
                yield Given(kind, value)


def _required_binding(binding: Json) -> tuple[str, ...]:
    if binding.get("strength") != "required" or "valueSet" not in binding:
        return ()
    return (unversioned(binding["valueSet"]),)


def _starting(element: Json, prefix: str) -> Any:
    return next((value for name, value in element.items() if name.startswith(prefix)), None)


def _type(type_: Json) -> ProfiledType:
    code = type_["code"]
    if code.startswith(_SYSTEM):
        fhir_types = [extension for extension in type_.get("extension", ()) if extension["url"] == _FHIR_TYPE]
        code = fhir_types[0].get("valueUrl") or fhir_types[0].get("valueUri") if fhir_types else "string"
    return ProfiledType(
        code, tuple(map(unversioned, type_.get("profile", ()))), tuple(map(unversioned, type_.get("targetProfile", ())))
    )


def _slicing(slicing: Json | None) -> Slicing | None:
    if slicing is None:
        return None
    discriminators = tuple(Discriminator(by["type"], by["path"]) for by in slicing.get("discriminator", ()))
    return Slicing(discriminators, slicing.get("rules", "open"), bool(slicing.get("ordered")))
