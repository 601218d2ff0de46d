"""How the resources of a page are read: a few at a time, as their sizes are known only when they are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MOST = 8


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Split ids into batches of 1, 1, 2, 4, and from then on MOST: if the first are large, few are read in vain."""
    start = 0
    while start < len(ids):
        end = start + min(max(start, 1), MOST)
        yield ids[start:end]
        start = end
