"""A JSON object of a FHIR body that knows where it stands, so that what is wrong in it can be named by its place."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.fhir import values
from app.fhir.issues import Issues
from app.fhir.outcome import Issue

Fields = dict[str, Any]

_CHOICE = re.compile(
    r"(code|diagnosis|location|medication|occurrence|quantity|serviced|timing|value)"
    r"(?:Address|Boolean|Code|CodeableConcept|Coding|Date|DateTime|Decimal|Identifier|Integer|Period|PositiveInt|Quantity"
    r"|Reference|String)(\[\d+])?"
)
"""FHIRPath names an element that has one of several types without its type."""

_ARRAY = "a JSON array"

LARGEST_INTEGER = 2**31 - 1
"""FHIR's integers have 32 bits (http://hl7.org/fhir/R4/datatypes.html#integer)."""


class Element(Struct, eq=False):
    """A JSON object and its place in the body.

    Reading a name that is absent gives None (or nothing, for lists). Reading one whose JSON type is not FHIR's notes an
    issue in `issues`, the list that all elements of a body share, and gives the same. A read raises FhirError only
    when that list is full.
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
        """Note what is wrong with this element, or with what it carries as `name`."""
        if self.issues.has_room(severity):
            self.issues.append(Issue(text, f"{self.path}.{_named(name)}" if name else self.path, code, severity))

    def missing(self, name: str, text: str = "") -> None:
        """Note that `name` is required and absent."""
        self.note(text or f"{name} is required.", name, code="required")

    def text(self, name: str) -> str | None:
        """Read a string, code, uri or id."""
        value = self.fields.get(name)
        if type(value) is str and value:
            return value
        if name in self.fields:
            self._note_type(name, "text that is not empty")
        return None

    def flag(self, name: str) -> bool | None:
        """Read a boolean."""
        value = self.fields.get(name)
        if type(value) is bool:
            return value
        self._unlike(name, "true or false")
        return None

    def integer(self, name: str) -> int | None:
        """Read a positiveInt."""
        value = self.fields.get(name)
        if type(value) is int and 0 < value <= LARGEST_INTEGER:
            return value
        self._unlike(name, f"a whole number from 1 to {LARGEST_INTEGER}")
        return None

    def decimal(self, name: str) -> Decimal | None:
        """Read a decimal, exactly."""
        value = values.decimal(self.fields.get(name))
        if value is None:
            self._unlike(name, "a number")
        return value

    def days(self, name: str, *, timed: bool = True) -> tuple[date, date] | None:
        """Read a dateTime, or a date that is not `timed`, as the first and the last day that it names."""
        value = self.fields.get(name)
        named = values.days(value) if type(value) is str and (timed or "T" not in value) else None
        if named is None:
            self._unlike(name, "a date as YYYY-MM-DD")
        return named

    def one(self, name: str) -> Element | None:
        """Read an element that occurs once."""
        value = self.fields.get(name)
        if type(value) is dict:
            return Element(value, self.issues, name, self)
        if name in self.fields:
            self._note_type(name, "a JSON object")
        return None

    def many(self, name: str) -> list[Element]:
        """Read an element that repeats."""
        listed = self.fields.get(name)
        if type(listed) is not list:
            self._unlike(name, _ARRAY)
            return []
        issues, found = self.issues, []
        for place, value in enumerate(listed):
            if type(value) is dict:
                found.append(Element(value, issues, name, self, place))
            else:
                self._note_type(f"{name}[{place}]", "a JSON object")
        return found

    def rows(self, name: str, fields: tuple[str, ...]) -> list[list[str | None]]:
        """Read an element that repeats as rows of texts, the values of `fields` in their order."""
        rows: list[list[str | None]] = []
        for place, value in enumerate(self._list(name) if name in self.fields else ()):
            if type(value) is dict:
                row: list[str | None] = []
                for field in fields:
                    text = value.get(field)
                    if (type(text) is not str or not text) and field in value:
                        text = Element(value, self.issues, name, self, place).text(field)
                    row.append(text)
                rows.append(row)
            else:
                self._note_type(f"{name}[{place}]", "a JSON object")
        return rows

    def texts(self, name: str) -> list[str]:
        """Read a string that repeats; those without a value are left out."""
        found: list[str] = []
        wrong = False
        for place, value in enumerate(self._list(name)):
            if type(value) is str:
                found.append(value)
            else:
                wrong = wrong or value is not None or not self._stands_beside(name, place)
        if wrong:
            self._note_type(name, "an array of texts")
        return found

    def integers(self, name: str) -> list[int | None]:
        """Read a positiveInt that repeats; None keeps the place of one without a value."""
        found: list[int | None] = []
        wrong = False
        for place, value in enumerate(self._list(name)):
            if type(value) is int and 0 < value <= LARGEST_INTEGER:
                found.append(value)
            elif value is None and self._stands_beside(name, place):
                found.append(None)
            else:
                wrong = True
        if wrong:
            self._note_type(name, f"an array of whole numbers from 1 to {LARGEST_INTEGER}")
        return found

    def _stands_beside(self, name: str, place: int) -> bool:
        """Whether an id or extensions explain the null at `place` (http://hl7.org/fhir/R4/json.html#primitive)."""
        beside = self.fields.get(f"_{name}")
        return type(beside) is list and place < len(beside) and type(beside[place]) is dict

    def _list(self, name: str) -> list[Any]:
        value = self.fields.get(name)
        if type(value) is list:
            return value
        self._unlike(name, _ARRAY)
        return []

    def _unlike(self, name: str, expected: str) -> None:
        if name in self.fields:
            self._note_type(name, expected)

    def _note_type(self, name: str, expected: str) -> None:
        self.note(f"{name.partition('[')[0]} must be {expected}.", name, code="structure")


def _named(name: str) -> str:
    choice = _CHOICE.fullmatch(name)
    return name if choice is None else choice[1] + (choice[2] or "")
