"""Create files that only their owner can read, and let one process at a time change a folder of them."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def created(path: Path) -> Iterator[IO[bytes]]:
    """Create a file for its owner only, and store its content before the end. Raises FileExistsError if it exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def place(path: Path, content: bytes) -> None:
    """Create a file for its owner only, which appears complete. Raises FileExistsError if it exists."""
    draft = drafted(path, content)
    try:
        os.link(draft, path)
    finally:
        draft.unlink()


def drafted(path: Path, content: bytes) -> Path:
    """Write the content to a new file beside `path`, and return it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with created(draft) as file:
        file.write(content)
    return draft


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until no other process holds the folder, and hold it; its changes are stored at the end."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
