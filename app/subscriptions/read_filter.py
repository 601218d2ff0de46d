"""Read the filters of a Subscription: which organizations' results it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

MOST_VALUES = 200
LONGEST_VALUE = 80

Filter = tuple[str, ...]
"""The alternatives of a filter, as `comparable` writes them."""

_VALUE = re.compile(rf"[!-~]{{1,{LONGEST_VALUE}}}")


class FilterRefused(ValueError):  # noqa: N818 - a refusal, not an error of the server
    """The server does not support this filter. The text names the rule."""


def read_filter(text: str, names: Sequence[str]) -> Filter:
    """Read `org-identifier=A,B` into its values. Raises FilterRefused; `names` are the supported names."""
    name, equals, listed = text.partition("=")
    if not equals or name not in names:
        raise FilterRefused(f"The filter must be {names[0]}=VALUE, with commas between several values.")
    values = tuple(dict.fromkeys(map(comparable, listed.split(","))))
    if len(values) > MOST_VALUES or not all(map(_VALUE.fullmatch, values)):
        raise FilterRefused(
            f"A filter must have 1 to {MOST_VALUES} identifiers with at most {LONGEST_VALUE} characters, no spaces."
        )
    return values


def comparable(identifier: str) -> str:
    """Return the form in which identifiers of organizations are compared: a TIN has no hyphen."""
    return identifier.replace("-", "")


def meets(filters: Sequence[Filter], keys: Collection[str]) -> bool:
    """Return whether an event with these keys meets every filter, each by one of its values."""
    return all(any(value in keys for value in alternatives) for alternatives in filters)
