"""The primitive types of R4: JSON type and format (http://hl7.org/fhir/R4/datatypes.html#primitive).

Every expression here runs in linear time. R4's expression for base64 does not, so base64 is decoded instead.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from app.conformance.checks.xhtml import is_narrative

MOST_CHARACTERS = 1_048_576
"""R4's limit for a string. It bounds all texts except base64 and XHTML, because matching blocks all threads."""

_NOT_TOO_LONG = rf"(?!(?s:.){{{MOST_CHARACTERS + 1}}})"
"""A lookahead that limits the length."""

_DAY = r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
_YEAR = r"(?!0000)\d{4}"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_MONTH = r"(?:0[1-9]|1[0-2])"
_LEAP_DAY = "-02-29"
_MAX_INT = 2**31 - 1


class Primitive(Struct, frozen=True):
    """A primitive type: the JSON types of its values, a check of one value, and the text of its issue.

    For a value of another JSON type, `holds` is false or raises.
    """

    json: tuple[type, ...]
    holds: Callable[[Any], object]
    text: str

    def fault(self, value: object) -> str | None:
        """Return the issue code of an invalid value; None for a valid one."""
        if type(value) not in self.json:
            return "structure"
        return None if self.holds(value) else "value"


def _expression(pattern: str) -> Callable[[str], object]:
    return re.compile(_NOT_TOO_LONG + pattern, re.ASCII).fullmatch


def _dated(pattern: str) -> Callable[[str], object]:
    """Match the pattern, or the same with February 29 of a leap year, which no pattern here contains."""
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
    """Return whether a text is base64; it may have white space."""
    packed = text if text.isalnum() else "".join(text.split())
    try:
        base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return False
    return bool(text) and len(packed) % 4 == 0  # Python ignores further padding


def _is_decimal(value: object) -> bool:
    return type(value) is int or (type(value) is Decimal and value.is_finite())


_VISIBLE = re.compile(_NOT_TOO_LONG + r"[ \t\r\n]*+[^\x00-\x20][^\x00-\x08\x0b\x0c\x0e-\x1f]*+").fullmatch
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OID = r"urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+"
_NOT_SPACE = r"[^\x00-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""Neither a control character nor a space of Unicode. Python matches this set in half the time of `[^\\s]`."""
_CODE = re.compile(f"{_NOT_TOO_LONG}{_NOT_SPACE}+(?: {_NOT_SPACE}+)*").fullmatch
_URI = re.compile(
    rf"(?!urn:uuid:|urn:oid:){_NOT_SPACE}{{1,{MOST_CHARACTERS}}}+|urn:uuid:{_UUID}|{_NOT_TOO_LONG}{_OID}"
).fullmatch
_URI_TEXT = (
    f"The value must be a URI: up to {MOST_CHARACTERS:,} characters without spaces. A UUID in lower case must follow"
    " urn:uuid:, and an OID must follow urn:oid:."
)
_STRING_TEXT = (
    f"The text must not be blank or longer than {MOST_CHARACTERS:,} characters. Its only control characters may be"
    " tabs and line breaks."
)
_DATE_PATTERN = rf"{_YEAR}(?:-{_MONTH}|-{_DAY})?"
_DATE_TIME_PATTERN = rf"{_YEAR}(?:-{_MONTH}|-{_DAY}(?:T{_TIME}{_ZONE})?)?"


_STRING = Primitive((str,), _VISIBLE, _STRING_TEXT)
_ANY_URI = Primitive((str,), _URI, _URI_TEXT)

PRIMITIVES: dict[str, Primitive] = {
    "boolean": Primitive((bool,), lambda value: type(value) is bool, "The value must be true or false."),
    "integer": _whole(-_MAX_INT - 1, "The value must be a whole number from -2147483648 to 2147483647."),
    "unsignedInt": _whole(0, "The value must be a whole number from 0 to 2147483647."),
    "positiveInt": _whole(1, "The value must be a whole number from 1 to 2147483647."),
    "decimal": Primitive((int, Decimal), _is_decimal, "The value must be a JSON number."),
    "string": _STRING,
    "markdown": _STRING,
    "uri": _ANY_URI,
    "url": _ANY_URI,
    "canonical": _ANY_URI,
    "oid": _text(_OID, "The value must be an OID: urn:oid: and numbers separated by periods."),
    "uuid": _text(
        f"urn:uuid:{_UUID}",
        "The value must be a UUID: urn:uuid: and 32 hexadecimal digits in lower case, with hyphens.",
    ),
    "id": _text(r"[A-Za-z0-9\-.]{1,64}", "The value must be an id: 1 to 64 letters, digits, hyphens and periods."),
    "code": Primitive(
        (str,),
        _CODE,
        f"The value must be a code: up to {MOST_CHARACTERS:,} characters, without spaces at the ends or two in a row.",
    ),
    "date": _date(_DATE_PATTERN, "The value must be a date: YYYY-MM-DD, YYYY-MM or YYYY."),
    "dateTime": _date(
        _DATE_TIME_PATTERN,
        "The value must be a date, or a date and time with an offset, such as 2026-11-29T09:30:00-05:00.",
    ),
    "instant": _date(
        rf"{_YEAR}-{_DAY}T{_TIME}{_ZONE}",
        "The value must be a date and time with an offset, such as 2026-11-29T09:30:00-05:00.",
    ),
    "time": _text(_TIME, "The value must be a time of day: hh:mm:ss."),
    "base64Binary": Primitive((str,), _is_base64, "The value must be base64."),
    "xhtml": Primitive(
        (str,),
        is_narrative,
        "The `div` must be simple XHTML in the namespace http://www.w3.org/1999/xhtml. It must have a text or an image"
        " and no scripts.",
    ),
}
"""Every primitive type of R4 by its name."""
