"""The version of this program."""

from __future__ import annotations

from importlib.metadata import version


def release() -> str:
    """Return the version of the installed package, such as `0.1.0`."""
    return version("preauth")
