"""What a reference may refer to: resource types, and the profiles that the target must meet one of."""

from __future__ import annotations

from dataclasses import dataclass

from app.conformance.base.table import STRUCTURE, TypeOf, is_resource, is_unmodeled
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import ProfiledType


@dataclass(frozen=True, slots=True)
class Target:
    """The types that are accepted (None: any) and, by type, the profiles one of which the target must meet."""

    types: frozenset[str] | None
    profiles: dict[str, tuple[str, ...]]
    source: str

    @property
    def text(self) -> str:
        """Say what is accepted."""
        return f"A reference to {', '.join(sorted(self.types or ()))} is accepted."


def target(base: TypeOf, types: tuple[ProfiledType, ...], definitions: Definitions, source: str) -> Target:
    """Return the target of a reference element: what the profiles say, or else what R4 does.

    A target profile that is not known might be met by any resource, so nothing is asked of a target beside it.
    """
    urls = [url for one in types if one.code == "Reference" for url in one.targets]
    named = {url: definitions.type_of(url) for url in urls}
    if not urls or None in named.values() or "Resource" in named.values():
        return Target(base.targets, {}, source)
    accepted = frozenset(type_ for type_ in named.values() if type_ is not None)
    return Target(accepted, {type_: _profiles(type_, named) for type_ in accepted if _profiles(type_, named)}, source)


def _profiles(type_: str, named: dict[str, str | None]) -> tuple[str, ...]:
    """Return the profiles of a type; none where the type itself, as R4 has it, is accepted too."""
    urls = tuple(url for url, of in named.items() if of == type_)
    return () if STRUCTURE + type_ in urls else urls


def target_type(reference: str) -> str | None:
    """Return the type that a reference names in `Type/id` or a RESTful URL, None where there is none."""
    steps = reference.partition("/_history/")[0].rsplit("/", 2)
    type_ = steps[-2] if len(steps) > 1 else ""
    return type_ if is_resource(type_) or is_unmodeled(type_) else None
