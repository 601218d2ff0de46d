"""Parse headers that are lists: items separated by commas, each with parameters after semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final, NamedTuple

_PART = re.compile(r'(?:[^",;]|"(?:[^"\\]|\\.)*"?)+|[,;]')
"""A text or a separator; a separator within quotation marks is text."""

_ESCAPED = re.compile(r"\\(.)")

MOST_PARTS: Final = 500
"""Texts and separators that are parsed: 32 KiB of commas would block the event loop for 50 ms."""


class Item(NamedTuple):
    """One item, with lower-case names. For a media type, `name` is the type and `value` is empty."""

    name: str
    value: str
    parameters: dict[str, str]


def items(header: str) -> Iterator[Item]:
    """Yield the items of a header; stops after MOST_PARTS texts and separators."""
    pairs: list[tuple[str, str]] = []
    parts = (match[0] for match in islice(_PART.finditer(header), MOST_PARTS))
    for part in chain(parts, ","):
        if part == ",":
            if pairs:
                yield Item(*pairs[0], dict(pairs[1:]))
            pairs = []
        elif part != ";":
            name, _, value = part.partition("=")
            pairs.append((name.strip().lower(), _unquoted(value.strip())))


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return _ESCAPED.sub(r"\1", value[1:-1]) if quoted else value
