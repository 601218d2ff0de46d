"""Extensions by their URL: where one is defined, and where one must be."""

from __future__ import annotations

from collections.abc import Iterable


def is_missing_definition(url: str, whole: Iterable[str]) -> bool:
    """Whether no extension can have this URL: relative ones are defined where they stand, and `whole` is all known."""
    return ":" not in url or url.startswith(tuple(whole))
