"""Let the process have as many files open as its connections need."""

from __future__ import annotations

import contextlib
import resource
from typing import Final

BESIDE_CONNECTIONS: Final = 256
"""The database's files and a MongoDB's connections, the log, and what is open for a moment."""


def allow_connections(count: int) -> None:
    """Raise the soft limit of open files for so many connections, as far as the hard limit lets it.

    Shells set it to 256 or 1,024. Beyond it nothing is accepted, and the store cannot open its files.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + BESIDE_CONNECTIONS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS has a further limit, and names it nowhere
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
