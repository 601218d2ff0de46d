"""The contexts of an extension: where it is allowed (http://hl7.org/fhir/R4/defining-extensions.html#context)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from app.conformance.base.table import is_type

_EVERYWHERE = frozenset({"Element", "Any"})


class Contexts(Struct, frozen=True):
    """The contexts of one extension: the paths of elements and the URLs of extensions on which it is allowed.

    `anywhere` is true if the definition has no context, or a FHIRPath context, which this engine does not evaluate. The
    engine does not evaluate a contextInvariant either.
    """

    elements: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()
    anywhere: bool = True

    def include(self, paths: AbstractSet[str]) -> bool:
        """Return whether the extension is allowed on an element with one of these paths."""
        return self.anywhere or not self.elements.isdisjoint(paths)

    def listed(self) -> str:
        """Return the contexts as text. Paths of types that R4 lacks are left out if others remain."""
        known = sorted(path for path in self.elements if is_type(path.partition(".")[0]))
        return ", ".join((known or sorted(self.elements)) + [f"the extension {url}" for url in sorted(self.extensions)])


ANYWHERE = Contexts()


def read_contexts(definition: Mapping[str, Any]) -> Contexts:
    """Read the contexts of a StructureDefinition. Raises LookupError or TypeError if they are not valid R4."""
    by_type: dict[str, set[str]] = {}
    for context in definition.get("context", ()):
        by_type.setdefault(context["type"], set()).add(context["expression"].rpartition("#")[2])
    elements, extensions = (by_type.pop(name, set()) for name in ("element", "extension"))
    anywhere = bool(by_type or elements & _EVERYWHERE or not (elements or extensions))
    return Contexts(frozenset(elements), frozenset(extensions), anywhere)


def slices_of_extensions(definition: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the URL of each extension for which a profile has a slice, and the path of the element with the slice."""
    for element in (definition.get("differential") or {}).get("element", ()):
        *steps, last = element["id"].split(".")
        name, _, slice_name = last.partition(":")
        if name not in _LISTS or not slice_name or steps[0] == "Extension":
            continue
        path = ".".join(step.partition(":")[0] for step in steps)
        for type_ in element.get("type", ()):
            for url in type_.get("profile", ()):
                yield url.partition("|")[0], path


_LISTS = frozenset({"extension", "modifierExtension"})
