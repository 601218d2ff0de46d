"""The version of this program."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version


@cache
def release() -> str:
    """Return the version of the installed package, such as `0.1.0`."""
    return version("preauth")
