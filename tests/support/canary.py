"""Values that must never leave the server in a log line, an error or an audit record, and the search for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.log.writer import LineWriter

TOKEN: Final = r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"
"""The beginning of a JWT."""

CANARIES: Final[Mapping[str, re.Pattern[str]]] = {
    "a token": re.compile(TOKEN),
    "a birth date": re.compile(r"1984-05-17"),
    "a given name": re.compile(r"\bAlex\b"),
    "a header of an endpoint": re.compile(r"of-the-endpoint"),
    "a key": re.compile(r"BEGIN [A-Z ]*PRIVATE KEY"),
}
"""The canaries of the whole suite: values of its sample bodies, and the shapes of secrets."""


def leaks(text: str) -> list[str]:
    """Return the names of the canaries in a text."""
    return [name for name, pattern in CANARIES.items() if pattern.search(text)]


class _Watched:
    """The canaries in the log lines of this process since the last test."""

    def __init__(self) -> None:
        self._leaked: list[str] = []

    def watch(self, writer: LineWriter) -> None:
        """Look at each line before the writer queues it."""
        queue = writer.add

        def add(line: str) -> None:
            self._leaked += leaks(line)
            queue(line)

        writer.add = add  # type: ignore[method-assign]

    def take(self) -> list[str]:
        """Return the canaries, and forget them."""
        leaked, self._leaked = self._leaked, []
        return leaked


WATCHED: Final = _Watched()
