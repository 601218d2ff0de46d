"""Extensions by their URL: where one is defined, and where one must be."""

from __future__ import annotations

from collections.abc import Iterable


def is_missing_definition(url: str, whole: Iterable[str], *, in_unknown: bool) -> bool:
    """Whether no extension can have this URL; of those that begin as one of `whole` does, all are known.

    Relative ones are defined where they stand, so that in an extension which is not known itself there may be any.
    """
    return not in_unknown if ":" not in url else url.startswith(tuple(whole))
