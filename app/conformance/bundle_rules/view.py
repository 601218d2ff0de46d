"""A Bundle as its rules see it: its entries by their fullUrl, and what a reference in an entry refers to.

http://hl7.org/fhir/R4/bundle.html#references. Nothing here expects a value to be of the JSON type that it should be.
"""

from __future__ import annotations

import re

from msgspec import Struct

from app.conformance.bundle_rules.readers import Json, objects
from app.conformance.checks.primitive import PRIMITIVES
from app.fhir.place import Place

_HEAD = re.compile(r"(https?://\S+/)([A-Z][A-Za-z]{1,63})")
_is_id = PRIMITIVES["id"].holds
_ABSOLUTE = ("http://", "https://", "urn:")


class Entry(Struct, eq=False):
    """An entry: its number, its fullUrl if that is a text, and its resource if that is an object with a type.

    `restful` is the base, the type and the id that a RESTful fullUrl is made of.
    """

    number: int
    full_url: str
    resource: Json
    type: str
    restful: tuple[str, str, str] | None
    place: Place


class BundleView:
    """The entries of a Bundle."""

    __slots__ = ("_by_number", "bundle", "by_url", "entries", "place")

    def __init__(self, bundle: Json, place: Place = "Bundle") -> None:
        self.bundle = bundle
        self.place = place
        self.entries: list[Entry] = []
        self._by_number: dict[int, Entry] | None = None
        self.by_url: dict[str, Entry] = {}
        for index, one in objects(bundle, "entry"):
            entry = _entry(index, one, (place, "entry"))
            self.entries.append(entry)
            if entry.full_url and entry.full_url not in self.by_url:
                self.by_url[entry.full_url] = entry

    def at(self, place: Place) -> Entry | None:
        """Return the entry at a place of the walk, None where there is no object."""
        if self._by_number is None:
            self._by_number = {entry.number: entry for entry in self.entries}
        index = place[1] if isinstance(place, tuple) else None
        return self._by_number.get(index) if isinstance(index, int) else None

    def resolve(self, reference: str, source: Entry) -> Entry | None:
        """Return the entry that a reference in another refers to, whatever the version that it names.

        A relative one needs the base of its own entry's RESTful URL.
        """
        unversioned = reference.partition("/_history/")[0] if "/_history/" in reference else reference
        if unversioned.startswith(_ABSOLUTE):
            return self.by_url.get(unversioned)
        return self.by_url.get(source.restful[0] + unversioned) if source.restful else None


class Contained:
    """The resources that resources contain, looked through once each."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, dict[object, Json]] = {}

    def find(self, resource: Json, reference: str) -> Json | None:
        """Return the contained resource that a reference beginning with # names."""
        if id(resource) not in self._known:
            listed = resource.get("contained")
            objects = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            named = [one for one in reversed(objects) if isinstance(one.get("id"), str)]
            self._known[id(resource)] = {one["id"]: one for one in named}
        return self._known[id(resource)].get(reference[1:])


def _entry(index: int, entry: Json, above: Place) -> Entry:
    url, body = entry.get("fullUrl"), entry.get("resource")
    if type(url) is not str:
        url = ""
    if type(body) is not dict:
        body = {}
    type_ = body.get("resourceType")
    if type(type_) is not str:
        type_ = ""
    return Entry(index, url, body, type_, _restful(url), (above, index))


def _restful(url: str) -> tuple[str, str, str] | None:
    """Take a URL apart: base, type and id."""
    head, _, last = url.rpartition("/")
    found = _HEAD.fullmatch(head)
    return None if found is None or not _is_id(last) else (found[1], found[2], last)
