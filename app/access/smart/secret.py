"""Hash and compare client secrets and passwords. Each call takes some 50 ms: it must run on a thread."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_COST, _BLOCK, _PARALLEL = 2**15, 8, 1
_MEMORY = 2 * 128 * _COST * _BLOCK
_SALT_BYTES = 16
LONGEST_SECRET = 256
"""Longer secrets are refused before they are hashed."""


def hashed(secret: str) -> str:
    """Return a salted scrypt hash of a secret: `scrypt$32768$8$1$salt$hash`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(secret, salt, _COST, _BLOCK, _PARALLEL)
    return "$".join(("scrypt", str(_COST), str(_BLOCK), str(_PARALLEL), _text(salt), _text(digest)))


def is_secret(secret: str, stored: str) -> bool:
    """Return whether `stored` is a hash of the secret. Raises ValueError if it is not a hash of this module."""
    kind, cost, block, parallel, salt, digest = stored.split("$")
    if kind != "scrypt":
        raise ValueError("The stored hash of a secret must be a scrypt hash.")
    if len(secret) > LONGEST_SECRET:
        return False
    computed = _scrypt(secret, base64.b64decode(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(computed, base64.b64decode(digest))


def waste_time(secret: str) -> None:
    """Take as long as a comparison, so that the time of an answer does not tell whether an account exists."""
    _scrypt(secret[:LONGEST_SECRET], bytes(_SALT_BYTES), _COST, _BLOCK, _PARALLEL)


def _scrypt(secret: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        secret.encode("utf-8", "surrogatepass"), salt=salt, n=cost, r=block, p=parallel, maxmem=_MEMORY, dklen=32
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
