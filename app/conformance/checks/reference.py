"""The allowed targets of a reference: resource types and profiles."""

from __future__ import annotations

from msgspec import Struct

from app.conformance.base.table import STRUCTURE, TypeOf, is_resource, is_unmodeled
from app.conformance.checks.rule import one_of
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import ProfiledType


class Target(Struct, frozen=True):
    """The allowed types (None: any) and, by type, the profiles; the target must conform to one of them."""

    types: frozenset[str] | None
    profiles: dict[str, tuple[str, ...]]
    source: str

    @property
    def text(self) -> str:
        """The text of the issue for a target of another type."""
        return f"The type of the referenced resource must be {one_of(sorted(self.types or ()))}."


def target(base: TypeOf, types: tuple[ProfiledType, ...], definitions: Definitions, source: str) -> Target:
    """Return the allowed targets of a reference element by its profiles, or else by R4.

    If one target profile is unknown, any resource may conform to it, so the profiles add no constraint.
    """
    urls = [url for type_ in types if type_.code == "Reference" for url in type_.targets]
    named = {url: definitions.type_of(url) for url in urls}
    if not urls or None in named.values() or "Resource" in named.values():
        return Target(base.targets, {}, source)
    allowed = frozenset(type_ for type_ in named.values() if type_ is not None)
    return Target(allowed, {type_: _profiles(type_, named) for type_ in allowed if _profiles(type_, named)}, source)


def _profiles(type_: str, named: dict[str, str | None]) -> tuple[str, ...]:
    """Return the target profiles of a type; none if the base R4 type is allowed too."""
    urls = tuple(url for url, of in named.items() if of == type_)
    return () if STRUCTURE + type_ in urls else urls


def target_type(reference: str) -> str | None:
    """Return the type in a reference `Type/id` or a RESTful URL; None if there is none."""
    steps = reference.partition("/_history/")[0].rsplit("/", 2)
    type_ = steps[-2] if len(steps) > 1 else ""
    return type_ if is_resource(type_) or is_unmodeled(type_) else None
