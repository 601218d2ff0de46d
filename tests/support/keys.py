"""Write a signing key into a data folder, as the server does."""

from __future__ import annotations

from pathlib import Path

from app.adapters.tokens.key_files import KEY_FILE


def write_key(folder: Path, content: bytes) -> None:
    """Write the file for its owner only; a server refuses any other."""
    path = folder / KEY_FILE
    path.touch(0o600)
    path.write_bytes(content)
