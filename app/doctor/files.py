"""Check the data folder: who may open it, its signing keys and the disk."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from app.adapters.sqlite.connection import LEAST_FREE
from app.adapters.tokens.key_files import GROUP_AND_OTHERS, KEY_FILE, load_key, retired_keys
from app.counts import counted
from app.doctor.attempt import attempted
from app.safety.check import Check, failed, passed, warned
from app.settings import Settings

OLD_AFTER_DAYS = 365
_DAY = 86_400
_ROOMY = 1_000_000_000
"""Free bytes below which the operator should look for more room."""


def check_files(settings: Settings) -> Iterator[Check]:
    """Check who may open the data folder, and its keys."""
    folder = settings.data
    if not folder.exists():
        return
    yield _check_permissions(folder)
    if (folder / KEY_FILE).exists():
        yield attempted("signing keys", lambda: _keys(folder))
        yield _check_age(folder / KEY_FILE)
    else:
        yield warned("signing keys", f"{folder} has no signing key yet.", "The first start of a demo makes it.")


def check_disk(settings: Settings) -> Check:
    """Check the room on the disk of the data folder."""
    folder = next(path for path in (settings.data.absolute(), *settings.data.absolute().parents) if path.exists())
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    text = f"The disk of {settings.data} has {free // 1_000_000:,} MB free."
    if free < LEAST_FREE:
        return failed("disk", text, "Make room: the server answers 503.")
    return passed("disk", text) if free >= _ROOMY else warned("disk", text, "Make room.")


def _check_permissions(folder: Path) -> Check:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & GROUP_AND_OTHERS:
        return warned("permissions", f"{folder} is open to others (mode {mode:o}).", f"Run: chmod 700 {folder}")
    return passed("permissions", f"{folder} is for its owner only.")


def _keys(folder: Path) -> str:
    key, retired = load_key(folder), retired_keys(folder)
    return f"{key.kid} signs tokens; {counted(len(retired), 'earlier key')} can verify."


def _check_age(file: Path) -> Check:
    days = int((time.time() - file.stat().st_mtime) / _DAY)
    text = f"The signing key is {counted(days, 'day')} old."
    if days > OLD_AFTER_DAYS:
        return warned("age of the key", text, "Run: preauth keys rotate")
    return passed("age of the key", text)
