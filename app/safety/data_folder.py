"""Mark a data folder with the mode of its first server: what a demo made must never serve in production."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.safety.check import Check, Status, failed, passed
from app.safety.private_file import place
from app.safety.signing_key import KEY_FILE

MODE_FILE: Final = "mode"
MODES: Final = ("demo", "production")
DATABASE_FILE: Final = "preauth.sqlite3"
"""The name of the SQLite file in the data folder."""

_NAME = "mode of the folder"

_WITHOUT_MARK = "demo"
"""The mode of a folder of version 0.1.0, which had no mark. Its production served no client."""


def mode_of_folder(folder: Path) -> str | None:
    """Return the mode that the folder carries: `demo` or `production`; None for a folder that no server has used.

    A mark that cannot be read is the mode "", which no server has.
    """
    try:
        return (folder / MODE_FILE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        used = any((folder / name).exists() for name in (KEY_FILE, DATABASE_FILE))
        return _WITHOUT_MARK if used else None
    except (OSError, UnicodeDecodeError):
        return ""


def check_mode(folder: Path, mode: str) -> Check:
    """Check that no server of the other mode used the folder."""
    stored = mode_of_folder(folder)
    if stored is None:
        return passed(_NAME, f"No server has used {folder} yet.")
    if stored == mode:
        return passed(_NAME, f"{folder} is a folder for mode {mode}.")
    if stored not in MODES:
        return failed(_NAME, f"{folder / MODE_FILE} must have the word demo or production.", "Restore it.")
    text = f"{folder} belongs to a server in mode {stored}, and this server is in mode {mode}."
    return failed(_NAME, text, f"Set PREAUTH_DATA to another folder, or PREAUTH_ENVIRONMENT={stored}.")


def claim_folder(folder: Path, mode: str) -> None:
    """Mark an unused folder with the mode, and create it if missing.

    Raises RuntimeError, with a sentence for the operator, if the folder has the other mode or cannot be written.
    """
    check = check_mode(folder, mode)
    if check.status is Status.FAIL:
        raise RuntimeError(check.sentence)
    path = folder / MODE_FILE
    if path.exists():
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place(path, f"{mode}\n".encode())
    except FileExistsError:
        claim_folder(folder, mode)  # another process was first
    except OSError as refused:
        raise RuntimeError(f"{folder}: {refused.strerror}.") from refused
