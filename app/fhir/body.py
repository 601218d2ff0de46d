"""Type a received body by its state: `Unchecked` after parsing, `Checked` after the engine found it to be R4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from app.fhir.json import parsed, read, within_bounds
from app.fhir.outcome import Fault, FhirError, Issue

Json = dict[str, Any]


class Unchecked:
    """A parsed body whose depth, element names and JSON types are still unknown.

    The resource is private: only `if_valid` and `bounded` return it. `text` is the body as received, and
    `elements` are the resource's elements by name, each as `json.canonical` writes it.
    """

    __slots__ = ("__resource", "elements", "text")

    def __init__(self, resource: Json, elements: dict[str, Any], text: str) -> None:
        self.__resource = resource
        self.elements = elements
        self.text = text

    @property
    def type(self) -> str:
        """Return the resource type; empty if the body names none."""
        return self.peek("resourceType")

    def expect(self, *types: str) -> str:
        """Return the resource type. Raises FhirError UNREADABLE if `types` does not list it."""
        if self.type not in types:
            self.bounded()
            text = f"`resourceType` must be {' or '.join(types)}."
            raise FhirError(Fault.UNREADABLE, Issue(text, "resourceType"))
        return self.type

    def peek(self, *path: str | int) -> str:
        """Return the text at a path of names and indices; empty if there is no text."""
        value = self._at(path)
        return value if isinstance(value, str) else ""

    def names(self, *path: str | int) -> tuple[str, ...]:
        """Return the element names of the object at a path; empty if there is no object."""
        value = self._at(path)
        return tuple(value) if isinstance(value, dict) else ()

    def size(self, *path: str | int) -> int:
        """Return the length of the array at a path; 0 if there is no array."""
        value = self._at(path)
        return len(value) if isinstance(value, list) else 0

    def inner(self, *path: str | int) -> Unchecked | None:
        """Return the resource at a path as a body of its own; None if there is no JSON object."""
        value = self._at(path)
        return Unchecked(value, value, self.text) if isinstance(value, dict) else None

    def replaced(self, value: Json, *path: str | int) -> Unchecked:
        """Return a copy with `value` in place of the object at a path."""
        resource = _replaced(self.__resource, path, value)
        return Unchecked(resource, resource, self.text)

    def if_valid(self, is_valid: Callable[[Json], bool]) -> Json | None:
        """Return the resource if the engine's fast pass accepts it, else None.

        The fast pass accepts R4 names only, and no resource that is nested deeper than `json.MAX_DEPTH`.
        """
        return self.__resource if is_valid(self.__resource) else None

    def bounded(self) -> Json:
        """Check depth and element names, then return the resource. Raises FhirError UNREADABLE, as `json.read` does."""
        if not within_bounds(self.__resource):
            read(self.text.encode())
        return self.__resource

    def _at(self, path: tuple[str | int, ...]) -> Any:
        value: Any = self.__resource
        for step in path:
            if isinstance(step, str) and isinstance(value, dict):
                value = value.get(step)
            elif isinstance(step, int) and isinstance(value, list) and step < len(value):
                value = value[step]
            else:
                return None
        return value


def _replaced(container: Any, path: tuple[str | int, ...], value: Json) -> Any:
    if not path:
        return value
    copy = container.copy()
    copy[path[0]] = _replaced(container[path[0]], path[1:], value)
    return copy


class Checked(Struct, frozen=True):
    """A resource that is R4: its element names, JSON types, cardinalities and formats are those of R4.

    `issues` are the engine's other issues, of profiles, invariants and codes. If one of them is an error, the body is
    rejected. Its readers run first, so that one answer has all issues.
    """

    resource: Json
    issues: tuple[Issue, ...] = ()


def read_for_engine(data: bytes) -> Unchecked:
    """Parse a body without the checks of depth and names: the engine makes them. Raises FhirError as `json.read`."""
    resource, elements = parsed(data)
    return Unchecked(resource, elements, data.decode())
