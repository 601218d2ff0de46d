"""The bodies that are mutated: the published examples of both editions where they are there, and our own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.conformance.bases import BASES
from tests.conformance.engine import EDITIONS, example, examples
from tests.support.packages import present


@dataclass(frozen=True, slots=True)
class Source:
    """A valid body, of which edition it is, and its name."""

    edition: str
    name: str
    body: dict[str, Any]


@cache
def sources() -> tuple[Source, ...]:
    """Return all bodies, in the same order always."""
    editions = EDITIONS if present() else ()
    published = (Source(one, name, example(one, name)) for one in editions for name in sorted(examples(one)))
    return (*published, *(Source("2.2.1", name, body()) for name, body in sorted(BASES.items())))
