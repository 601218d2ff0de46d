"""Replace the references of a client in a resource that this server shows.

http://hl7.org/fhir/R4/references.html
"""

from __future__ import annotations

from typing import Any

from app.codes import URI
from app.fhir.bundle import BundleIndex, Entry, absolute
from app.pas.face import Reference
from app.pas.parts.write_types import Json

_NESTED = (dict, list)


class Rewriting:
    """Replaces the References in a resource by those of this server.

    `known` has a Reference for the URL of each resource that this server holds. Every other Reference gets the
    identifier and the name of its resource in place of the URL.
    """

    __slots__ = ("_index", "_known", "_source")

    def __init__(self, index: BundleIndex, source: Entry, known: dict[str, Reference]) -> None:
        self._index = index
        self._source = source
        self._known = known

    def of(self, resource: Json) -> Json:
        """Return a copy of the resource with its references replaced."""
        return {name: self._within(value) if type(value) in _NESTED else value for name, value in resource.items()}

    def _within(self, value: Any) -> Any:
        if type(value) is list:
            return [self._within(inner) if type(inner) in _NESTED else inner for inner in value]
        reference = value.get("reference")
        if type(reference) is str:
            return self._reference(reference, value)
        rewritten = value.copy()
        for name, inner in value.items():
            if type(inner) in _NESTED:
                rewritten[name] = self._within(inner)
        return rewritten

    def _reference(self, reference: str, sent: Reference) -> Reference:
        if reference.startswith("#"):
            return sent
        url = absolute(reference, self._source) or reference
        known = self._known.get(url)
        if known is not None:
            return known
        named = _named(self._identified(reference), url)
        if len(sent) > 1:
            named.update({name: value for name, value in sent.items() if name != "reference"})
        return named

    def _identified(self, reference: str) -> Entry | None:
        """Return the resource that a reference leads to, or the practitioner of a role without identifiers."""
        entry = self._index.resolve(reference, self._source)
        if entry is None or "identifier" in entry.resource or entry.type != "PractitionerRole":
            return entry
        practitioner = entry.resource.get("practitioner", {}).get("reference")
        return entry if practitioner is None else self._index.resolve(practitioner, entry) or entry


def _named(target: Entry | None, url: str) -> Reference:
    """Return a logical Reference: the identifier of a resource, else the URL under which it was sent."""
    named: Reference = {}
    fields = {} if target is None else target.resource
    if target is not None and (type_ := target.type):
        named["type"] = type_
    own = fields.get("identifier")
    for identifier in own if type(own) is list else [own]:
        if type(identifier) is dict and identifier.get("value"):
            named["identifier"] = identifier
            break
    else:
        named["identifier"] = {"system": URI, "value": url}
    if type(name := fields.get("name")) is str:
        named["display"] = name
    return named
