"""A part of a resource in place of the whole: `_summary` and `_elements`.

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
"""The tag of a part of a resource; what carries it is not the base of an update."""

_CHOICES = {
    "deceased": ("deceasedBoolean", "deceasedDateTime"),
    "multipleBirth": ("multipleBirthBoolean", "multipleBirthInteger"),
}


class Subset(Struct, frozen=True):
    """What is asked for: a summary other than `false` and `count`, or elements by their names in JSON."""

    summary: str | None = None
    elements: frozenset[str] = frozenset()

    def of(self, type_: str, body: str) -> str:
        """Return the part of the resource, tagged as one; mandatory and modifier elements always stay."""
        resource = stored(body)
        fields = {name: value for name, value in resource.items() if self._shows(type_, name.removeprefix("_"))}
        if self.summary == "true":
            fields |= _summarized(fields, ELEMENTS[type_].within)
        return _part(fields, resource["meta"])

    @property
    def of_every_type(self) -> Subset | None:
        """What holds for included resources too: the summary; elements are those of the type that is searched."""
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
    """Return these elements of a resource, tagged as a part, with what may change the meaning of any element."""
    resource = stored(body)
    shown = {name: value for name, value in resource.items() if name.removeprefix("_") in elements | ALWAYS}
    return _part(shown, resource["meta"])


def subset_of(type_: str, summary: str | None, elements: str | None) -> Subset | None:
    """Read the two parameters; None asks for whole resources, or for the count of them only.

    Raises ValueError with a sentence that says what is accepted.
    """
    if summary is not None and summary not in SUMMARIES:
        raise ValueError("_summary: One of true, text, data, count and false is accepted.")
    if elements is None:
        return None if summary in (None, "false", "count") else Subset(summary)
    if summary not in (None, "false"):
        raise ValueError("_elements: It is accepted without _summary.")
    asked = [name for one in elements.split(",") for name in _CHOICES.get(one.strip(), (one.strip(),))]
    if not ELEMENTS[type_].names.issuperset(asked):
        raise ValueError(f"_elements: Names of the elements of a {type_} are accepted, with commas between them.")
    return Subset(elements=frozenset(asked))


def subset_of_read(type_: str, params: Sequence[tuple[str, str]]) -> Subset | None:
    """Read the parameters of a read, of which only these two count. Raises FhirError PARAMETER."""
    asked = {name: value for name, value in params if name in ("_summary", "_elements")}
    if asked.get("_summary") == "count":
        raise FhirError(Fault.PARAMETER, "_summary: One of true, text, data and false is accepted with a read.")
    try:
        return subset_of(type_, asked.get("_summary"), asked.get("_elements"))
    except ValueError as refused:
        raise FhirError(Fault.PARAMETER, str(refused)) from None


def _part(fields: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    others = [tag for tag in meta.get("tag", ()) if tag != SUBSETTED]
    return write({**fields, "meta": {**meta, "tag": [*others, SUBSETTED]}})


def _summarized(fields: Mapping[str, Any], within: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """Return the lists of which only some elements are in the summary, with these elements."""
    return {
        name: [{inner: value for inner, value in one.items() if inner in shown} for one in fields[name]]
        for name, shown in within.items()
        if name in fields
    }
