"""Write a Bundle as JSON text from a head and from entries that are JSON text already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from app.fhir.json import write


class Links(Struct, frozen=True):
    """The URL of a page, and of the next page if there is one."""

    self_url: str
    next_url: str | None

    def bundle_links(self) -> list[dict[str, str]]:
        """Return the elements of `Bundle.link`."""
        links = [{"relation": "self", "url": self.self_url}]
        return links if self.next_url is None else [*links, {"relation": "next", "url": self.next_url}]


def bundle_text(head: dict[str, Any], entries: Iterable[str]) -> str:
    """Write a Bundle; it has no element `entry` if there are no entries."""
    text = write(head)
    joined = ",".join(entries)
    return f'{text[:-1]},"entry":[{joined}]}}' if joined else text
