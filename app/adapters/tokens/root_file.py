"""Keep the server's root URL in the data folder, so that a command can sign tokens for it."""

from __future__ import annotations

from pathlib import Path

ROOT_FILE = "root-url"


def write_root(folder: Path, root: str) -> None:
    """Keep the root URL of the server that uses the folder; a folder that has it may be read-only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / ROOT_FILE
    if not file.exists() or file.read_text(encoding="utf-8") != root:
        file.write_text(root, encoding="utf-8")


def read_root(folder: Path) -> str:
    """Return the root URL of the last server that used the folder. Raises FileNotFoundError if there was none."""
    return (folder / ROOT_FILE).read_text(encoding="utf-8")
