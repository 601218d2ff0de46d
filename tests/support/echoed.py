"""Find the parts of an answer that the client wrote: each Claim, and its Bundle's identifier and entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.fhir.json import read
from app.fhir.outcome import FhirError

Json = dict[str, Any]


class Parts(tuple[str, ...]):
    """The places of resources in an answer."""

    __slots__ = ()

    def holds(self, place: str) -> bool:
        """Return whether a place is inside one of the parts."""
        return any(place == part or place.startswith((f"{part}.", f"{part}[")) for part in self)


def echoed(answer: Json, sent: bytes) -> Parts:
    """Return the places of the parts that the client wrote."""
    return Parts(_echoed(answer, _sent_bundles(sent)))


def _echoed(answer: Json, sent: list[Json]) -> Iterator[str]:
    entries = [entry for bundle in sent for entry in _objects(bundle, "entry")]
    if answer["resourceType"] == "Claim":
        yield "Claim"
    for place, bundle in bundles(answer):
        if any(bundle.get("identifier") == one.get("identifier") for one in sent):
            yield f"{place}.identifier"
        for index, entry in enumerate(bundle.get("entry", ())):
            if entry in entries:
                yield f"{place}.entry[{index}]"
            elif entry["resource"]["resourceType"] == "Claim":
                yield f"{place}.entry[{index}].resource"


def bundles(answer: Json) -> Iterator[tuple[str, Json]]:
    """Yield the Bundles of an answer with their places: the answer itself, or those in its Parameters."""
    if answer["resourceType"] == "Bundle":
        yield "Bundle", answer
    for index, one in enumerate(answer.get("parameter", ())):
        if one["name"] == "return":
            yield f"Parameters.parameter[{index}].resource", one["resource"]


def _sent_bundles(sent: bytes) -> list[Json]:
    """Return the sent Bundle, bare or in Parameters, or the body sent in its place."""
    try:
        body = read(sent)
    except FhirError:
        return []
    inside = [one.get("resource") for one in _objects(body, "parameter")]
    return [body, *(one for one in inside if isinstance(one, dict))]


def _objects(value: Json, name: str) -> list[Json]:
    listed = value.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
