"""Keep the keys that sign tokens in files of the data folder, readable by their owner only.

`token-key.pem` signs. A rotation keeps the key before it in `token-key.until-TIME.pem`, which verifies until that time,
in seconds since 1970.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from math import ceil
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from msgspec import Struct

from app.access.smart.access_token import LONGEST_LIFETIME, SKEW
from app.safety import signing_key
from app.safety.data_folder import mode_of_folder
from app.safety.private_file import drafted, locked, place

KEY_FILE = signing_key.KEY_FILE
NEW_KEY_BITS = 3072
LEAST_KEY_BITS = 2048
PICKED_UP_WITHIN = 60
"""Seconds within which every process signs with a new key (`key_ring`)."""

GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO

_RETIRED = re.compile(r"token-key\.until-([0-9]{1,12})\.pem")


class RetiredKey(Struct, frozen=True):
    """A key that signs no longer. It verifies until that time, in seconds since 1970."""

    key: RSAKey
    until: int


def load_or_create_key(folder: Path) -> RSAKey:
    """Return the signing key of the data folder; create it if there is none.

    Only the owner can read the file, and it appears complete. If several processes create a key at once, all get the
    first one. Raises RuntimeError, with a sentence for the operator, if there is no usable key.
    """
    path = folder / KEY_FILE
    if not path.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_key(path)
        except OSError as refused:
            raise RuntimeError(f"{path} cannot be created: {refused.strerror}.") from refused
    return load_key(folder)


def load_key(folder: Path) -> RSAKey:
    """Return the signing key of the data folder.

    Raises FileNotFoundError without a key file, and RuntimeError for a bad key or one that group or others can read.
    """
    return _read_key(folder / KEY_FILE)


def create_key(path: Path) -> None:
    """Create a key, unless another process was first."""
    with suppress(FileExistsError):
        place(path, _new_key(path))


def retired_keys(folder: Path) -> list[RetiredKey]:
    """Return the earlier keys of the data folder. Raises the errors of `load_key`."""
    return [RetiredKey(_read_key(path), until) for path, until in _retired_files(folder)]


def key_files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return a value that changes with every change of the folder's key files."""
    paths = [folder / KEY_FILE, *(path for path, _ in _retired_files(folder))]
    return tuple((path.name, status.st_ino, status.st_mtime_ns) for path in paths for status in [path.stat()])


def rotate_key(folder: Path, now: float) -> RSAKey:
    """Create a new signing key; the key before it verifies until its last token has expired. Return the new key.

    Raises the errors of `load_key`.
    """
    path = folder / KEY_FILE
    load_key(folder)
    with locked(folder):
        until = ceil(now + PICKED_UP_WITHIN + LONGEST_LIFETIME.total_seconds() + SKEW.total_seconds())
        while (retired := folder / f"token-key.until-{until}.pem").exists():
            until += 1
        draft = drafted(path, _new_key(path))
        os.link(path, retired)
        os.replace(draft, path)
        for past, end in _retired_files(folder):
            if end < now:
                past.unlink()
    return load_key(folder)


def _read_key(path: Path) -> RSAKey:
    with path.open("rb") as file:
        mode, text = os.fstat(file.fileno()).st_mode, file.read()
    if mode & GROUP_AND_OTHERS:
        raise RuntimeError(f"{path} must be accessible to its owner only. Run: chmod 600 {path}")
    try:
        key = RSAKey.import_key(text)
    except (JoseError, ValueError, TypeError) as unreadable:
        remedy = "Restore the file, or move it away to get a new key."
        raise RuntimeError(f"{path} has no RSA key. {remedy}") from unreadable
    if not key.is_private or key.raw_value.key_size < LEAST_KEY_BITS:
        raise RuntimeError(f"{path} must have an RSA private key of at least {LEAST_KEY_BITS} bits.")
    key.ensure_kid()
    return key


def _new_key(path: Path) -> bytes:
    """Return a new key for the file. A demo marks its keys."""
    mark = signing_key.DEMO_MARK if mode_of_folder(path.parent) == "demo" else b""
    return mark + RSAKey.generate_key(NEW_KEY_BITS).as_pem(private=True)


def _retired_files(folder: Path) -> list[tuple[Path, int]]:
    matches = ((path, _RETIRED.fullmatch(path.name)) for path in sorted(folder.iterdir()))
    return [(path, int(match[1])) for path, match in matches if match]
