"""Which parts of an answer a client wrote: every Claim, and of a Bundle that is answered its identifier and entries."""

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
        """Whether a place is in one of them."""
        return any(place == part or place.startswith((f"{part}.", f"{part}[")) for part in self)


def echoed(answer: Json, sent: bytes) -> Parts:
    """Return the places of what a client wrote."""
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
    """Give an answer's Bundles with their places: itself, or those that it returns as Parameters."""
    if answer["resourceType"] == "Bundle":
        yield "Bundle", answer
    for index, one in enumerate(answer.get("parameter", ())):
        if one["name"] == "return":
            yield f"Parameters.parameter[{index}].resource", one["resource"]


def _sent_bundles(sent: bytes) -> list[Json]:
    """Return the Bundle that was sent, by itself or in Parameters, or whatever was sent in place of one."""
    try:
        body = read(sent)
    except FhirError:
        return []
    inside = [one.get("resource") for one in _objects(body, "parameter")]
    return [body, *(one for one in inside if isinstance(one, dict))]


def _objects(value: Json, name: str) -> list[Json]:
    listed = value.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
