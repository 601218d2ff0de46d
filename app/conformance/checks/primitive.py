"""The primitive types: their JSON type and their form (http://hl7.org/fhir/R4/datatypes.html#primitive).

No expression here can backtrack more than linearly; base64 is decoded instead, as R4's own expression for it can.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.conformance.checks.xhtml import is_narrative

MOST_CHARACTERS = 1_048_576
"""R4's limit of a string, used for all texts but base64 and XHTML: one expression over a text stops all threads."""

_NOT_TOO_LONG = rf"(?!(?s:.){{{MOST_CHARACTERS + 1}}})"
"""Looks at the length only, whatever the text is."""

_DAY = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
_YEAR = r"(?!0000)\d{4}"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_MONTH = r"(?:0[1-9]|1[0-2])"
_LEAP_DAY = "-02-29"
_MAX_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Primitive:
    """A primitive type: the JSON types of its values, a check of one value, and the text of an issue.

    `holds` does not accept a value of another JSON type; it may raise for one.
    """

    json: tuple[type, ...]
    holds: Callable[[Any], object]
    text: str

    def fault(self, value: object) -> str | None:
        """Return the issue code for a value that is not of this type, or None."""
        if type(value) not in self.json:
            return "structure"
        return None if self.holds(value) else "value"


def _expression(pattern: str) -> Callable[[str], object]:
    return re.compile(_NOT_TOO_LONG + pattern, re.ASCII).fullmatch


def _dated(pattern: str) -> Callable[[str], object]:
    """Accept what the pattern does, and the 29th of February of a leap year, which the pattern leaves out."""
    common = _expression(pattern)
    return lambda text: (
        common(text) or (_LEAP_DAY in text[4:10] and _is_leap(text) and common(text.replace("-02-29", "-02-28", 1)))
    )


def _is_leap(text: str) -> bool:
    try:
        date(int(text[:4]), 2, 29)
    except ValueError:
        return False
    return True


def _text(pattern: str, text: str) -> Primitive:
    return Primitive((str,), _expression(pattern), text)


def _date(pattern: str, text: str) -> Primitive:
    return Primitive((str,), _dated(pattern), text)


def _whole(least: int, text: str) -> Primitive:
    return Primitive((int,), lambda value: type(value) is int and least <= value <= _MAX_INT, text)


def _is_base64(text: str) -> bool:
    """Whether a text is base64, possibly broken into lines."""
    try:
        base64.b64decode(text if text.isalnum() else "".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(text)


def _is_decimal(value: object) -> bool:
    return type(value) is int or (type(value) is Decimal and value.is_finite())


_NOTHING_UNSEEN = re.compile(_NOT_TOO_LONG + r"[ \t\r\n]*+[^\x00-\x20][^\x00-\x08\x0b\x0c\x0e-\x1f]*+").fullmatch
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OID = r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+"
_SEEN = r"[^\s\x00-\x1f]"
_CODE = re.compile(f"{_NOT_TOO_LONG}{_SEEN}+(?: {_SEEN}+)*").fullmatch
_URI = re.compile(rf"{_NOT_TOO_LONG}(?:urn:uuid:{_UUID}|{_OID}|(?!urn:uuid:|urn:oid:){_SEEN}+)").fullmatch
_URI_TEXT = (
    f"A URI is accepted: text of up to {MOST_CHARACTERS:,} characters without spaces; after urn:uuid: a UUID in lower"
    " case, after urn:oid: an OID."
)
_STRING_TEXT = (
    f"Text of up to {MOST_CHARACTERS:,} characters is accepted that is not blank and has no control characters but tab"
    " and line breaks."
)
_DATE_PATTERN = rf"{_YEAR}(?:-{_MONTH}|-{_DAY})?"
_DATE_TIME_PATTERN = rf"{_YEAR}(?:-{_MONTH}|-{_DAY}(?:T{_TIME}{_ZONE})?)?"


_STRING = Primitive((str,), _NOTHING_UNSEEN, _STRING_TEXT)
_ANY_URI = Primitive((str,), _URI, _URI_TEXT)

PRIMITIVES: dict[str, Primitive] = {
    "boolean": Primitive((bool,), lambda value: type(value) is bool, "true or false is accepted."),
    "integer": _whole(-_MAX_INT - 1, "A whole number of 32 bits is accepted."),
    "unsignedInt": _whole(0, "A whole number from 0 to 2147483647 is accepted."),
    "positiveInt": _whole(1, "A whole number from 1 to 2147483647 is accepted."),
    "decimal": Primitive((int, Decimal), _is_decimal, "A JSON number is accepted."),
    "string": _STRING,
    "markdown": _STRING,
    "uri": _ANY_URI,
    "url": _ANY_URI,
    "canonical": _ANY_URI,
    "oid": _text(_OID, "An OID is accepted as urn:oid: and numbers with points between them."),
    "uuid": _text(
        f"urn:uuid:{_UUID}", "A UUID is accepted as urn:uuid: and 32 digits in lower case, hyphens between them."
    ),
    "id": _text(r"[A-Za-z0-9\-.]{1,64}", "An id is accepted of 1 to 64 letters, digits, hyphens and points."),
    "code": Primitive(
        (str,),
        _CODE,
        f"A code is accepted: text of up to {MOST_CHARACTERS:,} characters without spaces at the ends or two in a row.",
    ),
    "date": _date(
        _DATE_PATTERN, "A day of the calendar is accepted as YYYY-MM-DD, a month as YYYY-MM, a year as YYYY."
    ),
    "dateTime": _date(_DATE_TIME_PATTERN, "A date is accepted, or a date and time as YYYY-MM-DDThh:mm:ss with a zone."),
    "instant": _date(rf"{_YEAR}-{_DAY}T{_TIME}{_ZONE}", "A moment is accepted as YYYY-MM-DDThh:mm:ss with a zone."),
    "time": _text(_TIME, "A time of day is accepted as hh:mm:ss."),
    "base64Binary": Primitive((str,), _is_base64, "base64 is accepted."),
    "xhtml": Primitive(
        (str,),
        is_narrative,
        "The div must be simple XHTML in the namespace http://www.w3.org/1999/xhtml, with a text or an image in it and"
        " without script or links to code.",
    ),
}
"""Every primitive type of R4 by its name."""
