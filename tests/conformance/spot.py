"""A value in a body that is to be changed, with what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spot:
    """A value, what holds it, and the path from the body's root."""

    body: dict[str, Any]
    holder: Any
    path: tuple[str | int, ...]

    @property
    def last(self) -> Any:
        """The name or index under which the value is held."""
        return self.path[-1]

    @property
    def name(self) -> str:
        """The name under which the value is held, or the list that it is in."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def value(self) -> Any:
        return self.holder[self.last]

    def put(self, value: Any) -> None:
        """Put another value in its place."""
        self.holder[self.last] = value

    def all(self, name: str) -> list[Any]:
        """Return every value in the body that has a name."""
        return list(_named(self.body, name))

    def objects(self) -> Iterator[dict[str, Any]]:
        """Give every object in the body."""
        return _objects(self.body)

    def texts(self, name: str) -> list[str]:
        """Return every text in the body that has a name, or is in a list of that name."""
        found = (one if isinstance(one, list) else [one] for one in self.all(name))
        return [text for listed in found for text in listed if isinstance(text, str)]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in below:
        yield from _objects(one)


def _named(value: Any, name: str) -> Iterator[Any]:
    for key, below in value.items() if isinstance(value, dict) else ():
        if key == name:
            yield below
        yield from _named(below, name)
    for below in value if isinstance(value, list) else ():
        yield from _named(below, name)
