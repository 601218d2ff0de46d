"""Read the resources of a page in small batches, because their sizes are unknown before they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

MOST = 8


def batches(ids: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Split ids into batches of 1, 1, 2, 4, then MOST. If the first resources are large, few are read in vain."""
    start = 0
    while start < len(ids):
        end = start + min(max(start, 1), MOST)
        yield ids[start:end]
        start = end
