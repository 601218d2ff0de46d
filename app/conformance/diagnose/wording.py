"""What the diagnosing pass says: what is accepted, never the value that was sent."""

from __future__ import annotations

from collections.abc import Iterator

from app.conformance.base.table import STRUCTURE
from app.conformance.bundle_rules.finding import Finding
from app.conformance.checks.rule import Family
from app.conformance.compiled.shape import Field, Slice
from app.conformance.definitions.contexts import Contexts
from app.conformance.definitions.node import Node
from app.fhir.place import Place

NULL = "null is accepted only in an array, beside an array of extensions; leave the element out."
NOT_AN_OBJECT = "A JSON object is accepted."
NOT_A_LIST = "The element occurs once: one value is accepted, no array."
LIST = "The element repeats: a JSON array with at least one value is accepted."
EMPTY = "An empty object, or one with nothing but an id, is not accepted; leave the element out."
UNKNOWN = "R4 has no element of this name here."
ONE_TYPE = "The element has one of several types: one of them is accepted at a time."
TYPE_NEEDED = "resourceType is required."
NO_TYPE = "A resource type of R4 is accepted."
UNMODELED = "Resources of this type are accepted as they are: nothing in them is checked."
PROFILE_OF_TYPE = "A profile of the resource's own type is accepted."
_TOO_DEEP = "The body is nested deeper than any FHIR resource."
CLOSED = "Only the slices that the profile defines are accepted."
ORDERED = "The slices are accepted in the order in which the profile defines them."
MODIFIER = (
    "A modifier extension is accepted if it is one that this server knows, as it changes the meaning of the rest."
)
NO_DEFINITION = (
    "An extension of this URL does not exist; extensions defined by the profiles, or of other publishers, are."
)


def too_deep(root: Place) -> Finding:
    """Say that the walk did not come to an end."""
    return Finding(root, Family.STRUCTURE, "structure", _TOO_DEEP, "depth", STRUCTURE + "Resource")


def out_of_context(contexts: Contexts) -> str:
    """Say where an extension may stand."""
    return f"This extension is not defined for this place. It must be on one of: {contexts.listed()}."


def other_type(node: Node) -> str:
    """Say which resource types are accepted in a place."""
    return f"A resource of type {', '.join(one.code for one in node.types)} is accepted here."


def refused(field: Field) -> str:
    """Say that the profile accepts no such element."""
    return f"{field.name} is not accepted here, or not with a value of type {field.shape.type}."


def too_many(field: Field) -> str:
    """Say how many values are accepted."""
    return f"At most {field.maximum} of {field.name} are accepted."


def too_few(field: Field) -> str:
    """Say how many values are required."""
    return f"At least {field.minimum} of {field.name} are required."


def slice_missing(field: Field, one: Slice, url: str | None = None) -> str:
    """Say which slice is required."""
    what = f"the extension {url}" if url else f"{field.name}:{one.name}"
    return f"At least {one.minimum} of {what} is required."


def slice_surplus(field: Field, one: Slice, url: str | None = None) -> str:
    """Say how many values of a slice are accepted."""
    what = f"the extension {url}" if url else f"{field.name}:{one.name}"
    return f"At most {one.maximum} of {what} is accepted."


def missing(name: str, field: Field | None) -> Iterator[tuple[str, str]]:
    """Say that an element is required, or which slices of it; each with the key of the rule."""
    wanted = [one for one in field.all_slices if one.minimum] if field else []
    urls = {one.name: url for url, one in (field.by_url or {}).items()} if field else {}
    if field is None or not wanted:
        yield f"{name} is required.", "min"
    else:
        yield from ((slice_missing(field, one, urls.get(one.name)), f"slice:{one.name}") for one in wanted)
