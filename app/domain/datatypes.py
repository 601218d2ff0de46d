"""Values of FHIR datatypes: codes, identifiers and periods (http://hl7.org/fhir/R4/datatypes.html)."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from msgspec import Struct


class Coding(Struct, frozen=True):
    """A code and its system. `display` is the submitter's text for the code; no answer presents it as ours."""

    system: str
    code: str
    display: str | None = None


class Identifier(Struct, frozen=True):
    """A number, and the system that issued it."""

    system: str
    value: str


class Period(Struct, frozen=True):
    """Calendar days from `start` to `end`, both included. None means open."""

    start: date | None = None
    end: date | None = None

    def covers(self, other: Period) -> bool:
        """Return whether all days of another period are in this one."""
        begins = (self.start or date.min) <= (other.start or date.min)
        return begins and (other.end or date.max) <= (self.end or date.max)


class Source(IntEnum):
    """The element with the number: an identifier of type MB, a number of the coverage, an identifier without type."""

    COVERAGE = 1
    PATIENT = 2
    UNTYPED = 3


class MemberNumber(Struct, frozen=True, order=True):
    """A number, and the system that issued it; "" if the sender names none, as in `Coverage.subscriberId`."""

    source: Source
    value: str
    system: str = ""
