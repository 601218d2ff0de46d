"""The paths by which definitions name the types of R4: R4's models call `Claim.item` ClaimItem."""

from __future__ import annotations

from functools import cache

from app.conformance.base.table import ancestors, elements, is_resource, types

_CANONICAL = {"url", "version", "status", "publisher"}
_OF_CANONICALS = ("CanonicalResource", "MetadataResource")
"""What extensions for R4 call the resources that have a canonical URL; R4 itself has no type of these names."""


@cache
def type_paths(type_: str) -> frozenset[str]:
    """Return the path of a type's definition, and the types that it specializes.

    An element that is defined elsewhere has that path: `ClaimResponse.addItem.adjudication` is of the type
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
    """Return in which type each backbone type is defined, and as which element."""
    return {
        one.name: (holder, element.name)
        for holder in types()
        for element in elements(holder).values()
        for one in element.types
        if one.name == holder + element.name[0].upper() + element.name[1:]
    }
