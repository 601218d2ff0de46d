"""Whether a definition of an extension is missing."""

from __future__ import annotations

from collections.abc import Iterable


def is_missing_definition(url: str, whole: Iterable[str], *, in_unknown: bool) -> bool:
    """Return whether the URL of an unknown extension is an error.

    A URL in a namespace of `whole` is one, because all extensions of these namespaces are loaded. A relative URL names
    a part of a complex extension: it is an error unless that extension itself is unknown (`in_unknown`).
    """
    return not in_unknown if ":" not in url else url.startswith(tuple(whole))
