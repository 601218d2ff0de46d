"""The texts of the diagnosing pass. They say what the value must be and never repeat the value."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family, one_of
from app.conformance.compiled.shape import Field, Slice
from app.conformance.definitions.contexts import Contexts
from app.conformance.definitions.node import Node
from app.fhir.place import Place

NULL = "The value must not be null; omit the element. In an array, null is valid only beside an extension of the value."
NOT_AN_OBJECT = "The value must be a JSON object."
NOT_A_LIST = "The element does not repeat, so it must not be an array."
LIST = "The element repeats, so it must be a JSON array with at least one value."
EMPTY = "The object must have an element besides `id`; omit an empty object."
UNKNOWN = "R4 has no element of this name here."
ONE_TYPE = "The element must have only one of its types."
TYPE_NEEDED = "`resourceType` is required."
NO_TYPE = "`resourceType` must be a resource type of R4."
UNMODELED = "The server does not validate the content of this resource type."
PROFILE_OF_TYPE = "`meta.profile` must only have profiles for the type of the resource."
_TOO_DEEP = "The body is nested deeper than any FHIR resource."
CLOSED = "The value must match one of the slices that the profile defines."
ORDERED = "The slices must be in the order in which the profile defines them."
MODIFIER = (
    "This modifier extension is unknown. The server must not ignore it, because it changes the meaning of its element."
)
IMPLICIT_RULES = "These implicit rules are unknown. The server must not ignore them, because they change the meaning."
NO_DEFINITION = "No extension with this URL is defined. Use one that PAS or its publisher defines."


def too_deep(root: Place) -> Finding:
    """Return the finding for a body that is too deep to validate."""
    return Finding(root, Family.STRUCTURE, "structure", _TOO_DEEP, "depth", STRUCTURE + "Resource")


def out_of_context(contexts: Contexts) -> str:
    """Name the elements where an extension may be."""
    return f"This extension is not defined for this place. It must be on one of: {contexts.listed()}."


def other_type(node: Node) -> str:
    """Name the resource types that the profile allows."""
    return f"The resource must be of type {one_of([type_.code for type_ in node.types])}."


def not_allowed(field: Field) -> str:
    """Name an element, or the type of a choice element, that the profile excludes."""
    return f"The profile does not allow `{field.name}` with a value of type {field.shape.type}."


def too_many(field: Field) -> str:
    """Name the maximum number of values."""
    return f"`{field.name}` must occur at most {_times(field.maximum)}."


def too_few(field: Field) -> str:
    """Name the minimum number of values."""
    return f"`{field.name}` must occur at least {_times(field.minimum)}."


def slice_missing(field: Field, slice_: Slice, url: str | None = None) -> str:
    """Name a required slice; `url` is the URL of an extension."""
    return f"{_slice(field, slice_, url)} must occur at least {_times(slice_.minimum)}."


def slice_surplus(field: Field, slice_: Slice, url: str | None = None) -> str:
    """Name a slice with too many values; `url` is the URL of an extension."""
    return f"{_slice(field, slice_, url)} must occur at most {_times(slice_.maximum)}."


def missing(name: str, field: Field | None) -> Iterator[tuple[str, str]]:
    """Yield the texts for a missing element, or for each of its required slices, with the keys of the rules."""
    required = [slice_ for slice_ in field.all_slices if slice_.minimum] if field else []
    urls = {slice_.name: url for url, slice_ in (field.by_url or {}).items()} if field else {}
    if field is None or not required:
        yield f"`{name}` is required.", "min"
    else:
        for slice_ in required:
            yield slice_missing(field, slice_, urls.get(slice_.name)), f"slice:{slice_.name}"


def _slice(field: Field, slice_: Slice, url: str | None) -> str:
    return f"The extension {url}" if url else f"The slice `{field.name}:{slice_.name}`"


def _times(count: int | None) -> str:
    return "once" if count == 1 else f"{count} times"
