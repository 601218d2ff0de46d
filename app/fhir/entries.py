"""Read the entries of a Bundle as Elements, and resolve their references.

http://hl7.org/fhir/R4/bundle.html
"""

from __future__ import annotations

from msgspec import Struct

from app.fhir.bundle import LONGEST_URL, BundleIndex, Entry, alone
from app.fhir.element import Element


class ResourceElement(Struct, frozen=True):
    """A resource to read: its `entry` in the index, its Element and, if it is contained, that of its container."""

    entry: Entry
    resource: Element
    container: Element | None = None

    @property
    def full_url(self) -> str:
        """The fullUrl of the entry; empty if there is none, and for a contained resource."""
        return self.entry.full_url

    @property
    def type(self) -> str:
        """The resource type; empty if the resource names none."""
        return self.entry.type


def standing_alone(resource: Element) -> ResourceElement:
    """Return a resource outside a Bundle; its references can resolve only to its contained resources."""
    return ResourceElement(alone(resource.fields), resource)


class Entries:
    """The entries of a Bundle as Elements. The constructor notes the issues of the entries themselves."""

    __slots__ = ("_by_number", "all", "index")

    def __init__(self, body: Element) -> None:
        self.index = BundleIndex(body.fields)
        self.all: list[ResourceElement] = []
        self._by_number: dict[int, ResourceElement] = {}
        for entry, element in zip(self.index.entries, body.many("entry"), strict=True):
            self._add(entry, element)

    @property
    def first(self) -> ResourceElement | None:
        """The resource of the first entry, if it has one."""
        return self._by_number.get(0)

    def _add(self, entry: Entry, element: Element) -> None:
        if not entry.full_url:
            element.missing("fullUrl")
        elif len(entry.full_url) > LONGEST_URL:
            element.note(f"`fullUrl` must not have more than {LONGEST_URL} characters.", "fullUrl", code="too-long")
        elif self.index.by_url[entry.full_url] is not entry:
            element.note("Each `fullUrl` must be unique in the Bundle.", "fullUrl", code="duplicate")
        resource = element.one("resource")
        if resource is None:
            element.missing("resource")
            return
        self._by_number[entry.number] = ResourceElement(entry, resource)
        self.all.append(self._by_number[entry.number])

    def resolve(self, reference: str, source: ResourceElement) -> ResourceElement | None:
        """Return the resource that a reference in `source` refers to, or None if the body does not have it."""
        entry = self.index.resolve(reference, source.entry)
        if entry is None or entry.container is None:
            return None if entry is None else self._by_number.get(entry.number)
        container = source.container or source.resource
        element = Element(entry.resource, container.issues, "contained", container, entry.number)
        return ResourceElement(entry, element, container)

    def required(
        self, source: ResourceElement, name: str, types: tuple[str, ...], owner: Element | None = None
    ) -> ResourceElement | None:
        """Return the resource of one of `types` that the Reference `name` refers to; note an issue if there is none.

        The Reference is an element of `owner`, or else of the source itself.
        """
        parent = owner or source.resource
        reference = parent.one(name)
        if reference is None:
            parent.missing(name, f"`{name}` is required and must resolve to an entry of the Bundle.")
            return None
        target = self._target(reference, source)
        if target is None:
            reference.note(f"`{name}` must resolve to an entry of the Bundle.", code="not-found")
            return None
        if target.type not in types:
            reference.note(f"`{name}` must refer to a resource of type {' or '.join(types)}.")
            return None
        return target

    def optional(
        self, source: ResourceElement, owner: Element, name: str, types: tuple[str, ...]
    ) -> ResourceElement | None:
        """Return the resource of one of `types` that the Reference `name` of `owner` refers to, if there is one.

        A reference that does not resolve is a warning.
        """
        reference = owner.one(name)
        if reference is None:
            return None
        target = self._target(reference, source)
        if target is None and "reference" in reference.fields:
            text = f"`{name}` does not resolve in this Bundle and was ignored."
            reference.note(text, code="not-found", severity="warning")
        return target if target is not None and target.type in types else None

    def _target(self, reference: Element, source: ResourceElement) -> ResourceElement | None:
        url = reference.text("reference")
        return None if url is None else self.resolve(url, source)
