"""Write codes as words."""

from __future__ import annotations

from collections.abc import Iterable


def listed(codes: Iterable[str]) -> str:
    """Return codes as sorted text with `or` before the last one."""
    *first, last = sorted(codes)
    return f"{', '.join(first)} or {last}" if first else last
