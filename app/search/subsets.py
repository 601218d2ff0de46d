"""Return a subset of a resource instead of the complete one: `_summary` and `_elements`.

http://hl7.org/fhir/R4/search.html#summary
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from app.codes import OBSERVATION_VALUE
from app.fhir.json import stored, write
from app.fhir.outcome import Fault, FhirError
from app.search.subset_elements import ALWAYS, ELEMENTS

SUMMARIES = ("true", "text", "data", "count", "false")

SUBSETTED = {"system": OBSERVATION_VALUE, "code": "SUBSETTED"}
"""The tag of a subset; a resource with this tag must not be stored."""

_CHOICES = {
    "deceased": ("deceasedBoolean", "deceasedDateTime"),
    "multipleBirth": ("multipleBirthBoolean", "multipleBirthInteger"),
}


class Subset(Struct, frozen=True):
    """A requested subset: a summary other than `false` and `count`, or elements by JSON name."""

    summary: str | None = None
    elements: frozenset[str] = frozenset()

    def of(self, type_: str, body: str) -> str:
        """Return the subset of a resource with the tag SUBSETTED. It keeps mandatory and modifier elements."""
        resource = stored(body)
        fields = {name: value for name, value in resource.items() if self._shows(type_, name.removeprefix("_"))}
        if self.summary == "true":
            fields |= _summarized(fields, ELEMENTS[type_].within)
        return _part(fields, resource["meta"])

    @property
    def of_every_type(self) -> Subset | None:
        """The subset of included resources: the same summary. Elements apply only to the type searched."""
        return None if self.summary is None else self

    def _shows(self, type_: str, name: str) -> bool:
        row = ELEMENTS[type_]
        match self.summary:
            case "data":
                return name != "text"
            case "text":
                return name == "text" or name in row.kept - row.modifiers
            case "true":
                return name in row.kept | row.summary
            case _:
                return name in row.kept | self.elements


def only(elements: frozenset[str], body: str) -> str:
    """Return some elements of a resource with the tag SUBSETTED; elements in ALWAYS stay."""
    resource = stored(body)
    shown = {name: value for name, value in resource.items() if name.removeprefix("_") in elements | ALWAYS}
    return _part(shown, resource["meta"])


def without(element: str, inner: str, body: str) -> str:
    """Return a resource without an inner element of a list; it gets the tag SUBSETTED only if it had one."""
    resource = stored(body)
    parts = resource.get(element, ())
    if not any(inner in part for part in parts):
        return body
    kept = [{name: value for name, value in part.items() if name != inner} for part in parts]
    return _part({**resource, element: kept}, resource["meta"])


def subset_of(type_: str, summary: str | None, elements: str | None) -> Subset | None:
    """Read `_summary` and `_elements`; None means complete resources, or only their count.

    Raises ValueError with a text for the client.
    """
    if summary is not None and summary not in SUMMARIES:
        raise ValueError("_summary: The value must be true, text, data, count or false.")
    if elements is None:
        return None if summary in (None, "false", "count") else Subset(summary)
    if summary not in (None, "false"):
        raise ValueError("_elements: The parameter must not be combined with _summary.")
    names = [name for text in elements.split(",") for name in _CHOICES.get(text.strip(), (text.strip(),))]
    if not ELEMENTS[type_].names.issuperset(names):
        raise ValueError(f"_elements: The value must be names of {type_} elements with commas between them.")
    return Subset(elements=frozenset(names))


def subset_of_read(type_: str, params: Sequence[tuple[str, str]]) -> Subset | None:
    """Read `_summary` and `_elements` of a read; other parameters have no effect. Raises FhirError PARAMETER."""
    values = {name: value for name, value in params if name in ("_summary", "_elements")}
    if values.get("_summary") == "count":
        raise FhirError(Fault.PARAMETER, "_summary: The value of a read must be true, text, data or false.")
    try:
        return subset_of(type_, values.get("_summary"), values.get("_elements"))
    except ValueError as refused:
        raise FhirError(Fault.PARAMETER, str(refused)) from None


def _part(fields: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    others = [tag for tag in meta.get("tag", ()) if tag != SUBSETTED]
    return write({**fields, "meta": {**meta, "tag": [*others, SUBSETTED]}})


def _summarized(fields: Mapping[str, Any], within: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """Return the elements that the summary shows only in part, with the inner elements that it shows."""
    return {
        name: [{inner: value for inner, value in part.items() if inner in shown} for part in fields[name]]
        for name, shown in within.items()
        if name in fields
    }
