"""Read the elements of a checked body, each with its place, so that an issue can name the place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.fhir.instants import days
from app.fhir.issues import Issues
from app.fhir.outcome import Issue

Fields = dict[str, Any]

_CHOICE = re.compile(
    r"(code|diagnosis|location|medication|occurrence|quantity|serviced|timing|value)"
    r"(?:Address|Boolean|Code|CodeableConcept|Coding|Date|DateTime|Decimal|Identifier|Integer|Period|PositiveInt|Quantity"
    r"|Reference|String)(\[\d+])?"
)
"""FHIRPath names a choice element without its type: `value`, not `valueQuantity`."""


class Element(Struct, eq=False):
    """A JSON object of a checked body, and its place.

    The JSON types are those of R4. Reading an element that is absent gives None, or an empty list. `issues` is the list
    that all elements of a body share.
    """

    fields: Fields
    issues: Issues
    _name: str
    _parent: Element | None = None
    place: int | None = None

    @property
    def path(self) -> str:
        """The FHIRPath of this element from the body's root."""
        own = _named(self._name) if self.place is None else f"{_named(self._name)}[{self.place}]"
        return own if self._parent is None else f"{self._parent.path}.{own}"

    def note(self, text: str, name: str = "", *, code: str = "value", severity: str = "error") -> None:
        """Note an issue of this element, or of its child `name`."""
        if self.issues.has_room(severity):
            self.issues.append(Issue(text, f"{self.path}.{_named(name)}" if name else self.path, code, severity))

    def missing(self, name: str, text: str = "") -> None:
        """Note that the required child `name` is absent."""
        self.note(text or f"`{name}` is required.", name, code="required")

    def text(self, name: str) -> str | None:
        """Read a string, code, uri or id."""
        return self.fields.get(name)

    def flag(self, name: str) -> bool | None:
        """Read a boolean."""
        return self.fields.get(name)

    def integer(self, name: str) -> int | None:
        """Read an integer."""
        return self.fields.get(name)

    def decimal(self, name: str) -> Decimal | None:
        """Read a decimal, exactly."""
        value = self.fields.get(name)
        return None if value is None else Decimal(value)

    def days(self, name: str) -> tuple[date, date] | None:
        """Read a date or dateTime as the first and the last day that it names."""
        value = self.fields.get(name)
        return None if value is None else days(value)

    def one(self, name: str) -> Element | None:
        """Read an element that occurs once."""
        value = self.fields.get(name)
        return None if value is None else Element(value, self.issues, name, self)

    def many(self, name: str) -> list[Element]:
        """Read an element that repeats."""
        values = self.fields.get(name, ())
        return [Element(value, self.issues, name, self, place) for place, value in enumerate(values)]

    def texts(self, name: str) -> list[str]:
        """Read a string that repeats, without the nulls that only carry extensions."""
        return [value for value in self.fields.get(name, ()) if value is not None]

    def integers(self, name: str) -> list[int | None]:
        """Read an integer that repeats; None stands for a value that only carries extensions."""
        return list(self.fields.get(name, ()))


def _named(name: str) -> str:
    choice = _CHOICE.fullmatch(name)
    return name if choice is None else choice[1] + (choice[2] or "")
