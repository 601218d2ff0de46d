"""Resolve references inside a body (http://hl7.org/fhir/R4/bundle.html#references).

The index reads plain JSON of any shape: a value of the wrong type counts as absent.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from app.fhir.place import Place

Json = dict[str, Any]

LONGEST_URL = 2048
"""A longer fullUrl is no base for relative references: each of them would copy it."""

_RESTFUL = re.compile(r"(https?://\S+/)([A-Z][A-Za-z]{1,63})/([A-Za-z0-9.\-]{1,64})")
_ABSOLUTE = ("http://", "https://", "urn:")
_VERSION = "/_history/"


class Entry(Struct, eq=False):
    """A resource of a body: an entry of the Bundle, a resource that stands alone, or one contained in another.

    `number` is its position in `Bundle.entry`, or in `contained` of its `container`. `place` is the place of the entry,
    for a contained resource that of its container. `restful` is the base, the type and the id in a RESTful fullUrl;
    relative references are relative to `base`. `full_url` and `type` are empty if absent.
    """

    number: int
    full_url: str
    resource: Json
    type: str
    place: Place
    restful: tuple[str, str, str] | None = None
    base: str | None = None
    container: Entry | None = None
    _contained: dict[str, Entry] | None = None

    def contained(self, reference: str) -> Entry | None:
        """Return the contained resource that `#id` refers to; of two with the same id, the first."""
        container = self.container or self
        if container._contained is None:
            container._contained = _contained_in(container)
        return container._contained.get(reference[1:])


class BundleIndex:
    """The entries of a Bundle, at `place` in the body. `by_url` has the first entry of each fullUrl."""

    __slots__ = ("_by_number", "bundle", "by_url", "entries")

    def __init__(self, bundle: Json, place: Place = "Bundle") -> None:
        self.bundle = bundle
        self.entries: list[Entry] = []
        self.by_url: dict[str, Entry] = {}
        self._by_number: dict[int, Entry] | None = None
        above = (place, "entry")
        listed = bundle.get("entry")
        for number, value in enumerate(listed if type(listed) is list else ()):
            if type(value) is dict:
                entry = _entry(number, value, (above, number))
                self.entries.append(entry)
                if entry.full_url and entry.full_url not in self.by_url:
                    self.by_url[entry.full_url] = entry

    def resolve(self, reference: str, source: Entry | None) -> Entry | None:
        """Return the resource that a reference in `source` refers to; a version in it has no effect.

        A source outside the body, None, can only use absolute references. `#` alone resolves to nothing.
        """
        if reference.startswith("#"):
            return None if source is None else source.contained(reference)
        url = absolute(reference, source)
        return None if url is None else self.by_url.get(url)

    def at(self, place: Place) -> Entry | None:
        """Return the entry at a place in the body."""
        if self._by_number is None:
            self._by_number = {entry.number: entry for entry in self.entries}
        number = place[1] if isinstance(place, tuple) else None
        return self._by_number.get(number) if isinstance(number, int) else None


def alone(resource: Any, place: Place = "%resource") -> Entry:
    """Return the entry of a resource that stands alone; its references can resolve only to its contained resources."""
    fields = resource if type(resource) is dict else {}
    return Entry(0, "", fields, _type(fields), place)


def absolute(reference: str, source: Entry | None) -> str | None:
    """Return the URL that a reference in `source` stands for, without its version.

    A relative reference has no URL, None, unless the fullUrl of `source` is RESTful.
    """
    url = reference.partition(_VERSION)[0] if _VERSION in reference else reference
    if url.startswith(_ABSOLUTE):
        return url
    return None if source is None or source.base is None else source.base + url


def _entry(number: int, entry: Json, place: Place) -> Entry:
    url, resource = entry.get("fullUrl"), entry.get("resource")
    if type(url) is not str:
        url = ""
    if type(resource) is not dict:
        resource = {}
    restful = _restful(url)
    base = restful[0] if restful is not None and len(url) <= LONGEST_URL else None
    return Entry(number, url, resource, _type(resource), place, restful, base)


def _restful(url: str) -> tuple[str, str, str] | None:
    match = _RESTFUL.fullmatch(url)
    return None if match is None else (match[1], match[2], match[3])


def _type(resource: Json) -> str:
    type_ = resource.get("resourceType")
    return type_ if type(type_) is str else ""


def _contained_in(container: Entry) -> dict[str, Entry]:
    listed = container.resource.get("contained")
    by_id: dict[str, Entry] = {}
    for number, resource in enumerate(listed if type(listed) is list else ()):
        id_ = resource.get("id") if type(resource) is dict else None
        if type(id_) is str and id_ not in by_id:
            by_id[id_] = Entry(
                number, "", resource, _type(resource), container.place, base=container.base, container=container
            )
    return by_id
