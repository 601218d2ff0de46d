"""Raise the limit of open files to the number that the connections need."""

from __future__ import annotations

import contextlib
import resource
from typing import Final

BESIDE_CONNECTIONS: Final = 256
"""Room for database files, MongoDB connections, the log and short-lived files."""


def allow_connections(count: int) -> None:
    """Raise the soft limit of open files for `count` connections, up to the hard limit.

    Shells set it to 256 or 1,024. At the limit the server cannot take connections and the store cannot open files.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + BESIDE_CONNECTIONS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS has a second, undocumented limit
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
