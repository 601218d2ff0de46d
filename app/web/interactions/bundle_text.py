"""A Bundle as JSON text: a head that is written here, and entries that are text already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from app.fhir.json import write


class Links(Struct, frozen=True):
    """Where the page itself is, and the next one, if there is one."""

    own: str
    next: str | None

    def bundle_links(self) -> list[dict[str, str]]:
        """Write them as `Bundle.link`."""
        own = {"relation": "self", "url": self.own}
        return [own] if self.next is None else [own, {"relation": "next", "url": self.next}]


def bundle_text(head: dict[str, Any], entries: Iterable[str]) -> str:
    """Write a Bundle of entries that are JSON text already; without any, the element is left out."""
    text = write(head)
    joined = ",".join(entries)
    return f'{text[:-1]},"entry":[{joined}]}}' if joined else text
