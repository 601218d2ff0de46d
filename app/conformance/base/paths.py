"""The paths that definitions use for R4 types, such as `Claim.item` for the model ClaimItem."""

from __future__ import annotations

from functools import cache

from app.conformance.base.table import ancestors, elements, is_resource, types

_CANONICAL = {"url", "version", "status", "publisher"}
_OF_CANONICALS = ("CanonicalResource", "MetadataResource")
"""The names in extension contexts for resources with a canonical URL. R4 has no types with these names."""


@cache
def type_paths(type_: str) -> frozenset[str]:
    """Return the path of a type's definition, and the names of its ancestors.

    An element with a contentReference has the path of the referenced element: `ClaimResponse.addItem.adjudication` has
    `ClaimResponse.item.adjudication`.
    """
    own, *general = ancestors(type_)
    canonical = is_resource(type_) and elements(type_).keys() >= _CANONICAL
    return frozenset((_path(own), *general, *(_OF_CANONICALS if canonical else ())))


def _path(type_: str) -> str:
    inside = _inside().get(type_)
    return type_ if inside is None else f"{_path(inside[0])}.{inside[1]}"


@cache
def _inside() -> dict[str, tuple[str, str]]:
    """Return the containing type and the element name of each backbone type."""
    return {
        type_.name: (parent, element.name)
        for parent in types()
        for element in elements(parent).values()
        for type_ in element.types
        if type_.name == parent + element.name[0].upper() + element.name[1:]
    }
