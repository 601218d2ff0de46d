"""The entries of a Bundle, and what a reference inside it refers to (http://hl7.org/fhir/R4/bundle.html#references)."""

from __future__ import annotations

import re

from msgspec import Struct

from app.fhir.element import Element

_RESTFUL = re.compile(r"(https?://.+/)[A-Z][A-Za-z]+/[A-Za-z0-9.\-]{1,64}")
LONGEST_URL = 2048
"""Resolving a reference costs as much as the URL of its resource is long."""

_ABSOLUTE = ("http://", "https://", "urn:")


class Entry(Struct, frozen=True):
    """A resource, the URL it is known by, its type, and its place in the Bundle.

    Or a contained resource and its `container`. The type is empty where the resource names none.
    """

    full_url: str
    resource: Element
    type: str
    place: int | None = None
    container: Element | None = None


def type_of(resource: Element) -> str:
    """Return a resource's type; empty where it names none."""
    named = resource.fields.get("resourceType")
    return named if type(named) is str else ""


def absolute(reference: str, full_url: str) -> str | None:
    """Return the URL that a reference in the resource at `full_url` stands for, its version left out.

    A relative reference has a meaning only in a resource whose own URL is a RESTful one.
    """
    return based(reference, restful_base(full_url))


def restful_base(full_url: str) -> str | None:
    """Return what a relative reference in the resource at `full_url` is relative to, if to anything."""
    found = _RESTFUL.fullmatch(full_url)
    return None if found is None else found[1]


def based(reference: str, base: str | None) -> str | None:
    """Return the URL that a reference stands for, its version left out, in a resource of that `restful_base`."""
    unversioned = reference.partition("/_history/")[0]
    if unversioned.startswith(_ABSOLUTE):
        return unversioned
    return None if base is None else base + unversioned


class Entries:
    """The resources of a body by the URL they are known by. Two entries with the same URL are an issue."""

    __slots__ = ("_bases", "_by_url", "_contained", "all")

    def __init__(self, body: Element) -> None:
        self.all: list[Entry] = []
        self._by_url: dict[str, Entry] = {}
        self._contained: dict[int, dict[str, Element]] = {}
        self._bases: dict[str, str | None] = {}
        for element in body.many("entry"):
            self._add(element)

    @property
    def first(self) -> Entry | None:
        """The resource that the Bundle begins with."""
        return self.all[0] if self.all and self.all[0].place == 0 else None

    def _add(self, element: Element) -> None:
        full_url = element.text("fullUrl")
        resource = element.one("resource")
        if full_url is None and "fullUrl" not in element.fields:
            element.missing("fullUrl")
        if resource is None:
            if "resource" not in element.fields:
                element.missing("resource")
            return
        if full_url is not None and len(full_url) > LONGEST_URL:
            element.note(f"A fullUrl has at most {LONGEST_URL} characters.", "fullUrl", code="too-long")
            full_url = ""
        self.contained(resource)
        entry = Entry(full_url or "", resource, type_of(resource), element.place)
        if not entry.type:
            resource.missing("resourceType")
        self.all.append(entry)
        if full_url in self._by_url:
            element.note("Every entry needs a fullUrl of its own.", "fullUrl", code="duplicate")
        elif full_url:
            self._by_url[full_url] = entry

    def resolve(self, reference: str, source: Entry) -> Entry | None:
        """Return what a reference in `source` refers to, or None where the body does not carry it."""
        if reference.startswith("#"):
            container = source.container or source.resource
            found = self.contained(container).get(reference[1:])
            return None if found is None else Entry(source.full_url, found, type_of(found), container=container)
        url = based(reference, self._base(source.full_url))
        return None if url is None else self.at(url)

    def _base(self, full_url: str) -> str | None:
        if full_url not in self._bases:
            self._bases[full_url] = restful_base(full_url)
        return self._bases[full_url]

    def at(self, url: str) -> Entry | None:
        """Return the resource that is known by a URL."""
        return self._by_url.get(url)

    def contained(self, container: Element) -> dict[str, Element]:
        """Return the resources inside a resource by their id; of two with the same id, the first."""
        if "contained" not in container.fields:
            return {}
        key = id(container.fields)
        if key not in self._contained:
            found = container.many("contained")
            named = ((one.fields.get("id"), one) for one in reversed(found))
            self._contained[key] = {name: one for name, one in named if isinstance(name, str)}
        return self._contained[key]

    def required(self, source: Entry, name: str, types: tuple[str, ...], owner: Element | None = None) -> Entry | None:
        """Return what `owner` (or else the resource) refers to as `name`; where that is no entry, note an issue."""
        place = owner or source.resource
        reference = place.one(name)
        if reference is None:
            if name not in place.fields:
                place.missing(name, f"{name} is required: a reference to an entry of the Bundle.")
            return None
        target = self._target(reference, source)
        if target is None:
            reference.note(f"{name} must refer to an entry of the Bundle.", code="not-found")
            return None
        if target.type not in types:
            reference.note(f"{name} must refer to a resource of type {' or '.join(types)}.")
            return None
        return target

    def optional(self, source: Entry, owner: Element, name: str) -> Entry | None:
        """Return what `owner` refers to as `name`; a reference to what the body does not carry is only warned of."""
        if name not in owner.fields:
            return None
        reference = owner.one(name)
        target = None if reference is None else self._target(reference, source)
        if target is None and reference is not None and "reference" in reference.fields:
            text = f"{name} refers to nothing in the Bundle; it is not looked at."
            reference.note(text, code="not-found", severity="warning")
        return target

    def _target(self, reference: Element, source: Entry) -> Entry | None:
        url = reference.text("reference")
        return None if url is None else self.resolve(url, source)
