"""Keep the key that signs access tokens in a file of the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

KEY_FILE = "token-key.pem"
KEY_BITS = 2048
GROUP_AND_OTHERS = stat.S_IRWXG | stat.S_IRWXO


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
    path = folder / KEY_FILE
    with path.open("rb") as file:
        mode, text = os.fstat(file.fileno()).st_mode, file.read()
    if mode & GROUP_AND_OTHERS:
        raise RuntimeError(f"{path} must be accessible to its owner only. Run: chmod 600 {path}")
    try:
        key = RSAKey.import_key(text)
    except (JoseError, ValueError, TypeError) as unreadable:
        remedy = "Restore the file, or move it away to get a new key."
        raise RuntimeError(f"{path} has no RSA key. {remedy}") from unreadable
    if not key.is_private or key.raw_value.key_size < KEY_BITS:
        raise RuntimeError(f"{path} must have an RSA private key of at least {KEY_BITS} bits.")
    key.ensure_kid()
    return key


def create_key(path: Path) -> None:
    """Write a new key to a draft file and link it to `path`, unless another process was first."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(RSAKey.generate_key(KEY_BITS).as_pem(private=True))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
