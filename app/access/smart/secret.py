"""Hash and compare client secrets and passwords. Each call takes some 50 ms: it must run on a thread."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_COST, _BLOCK, _PARALLEL = 2**15, 8, 1
_COSTS = range(2**14, 2**18)
_SALT_BYTES = 16
_HASH_BYTES = 32
_NEW_BYTES = 32
LONGEST_SECRET = 256
"""The most characters of a secret. A longer one never fits; no more of it is hashed."""


def hashed(secret: str) -> str:
    """Return a salted scrypt hash of a secret: `scrypt$32768$8$1$salt$hash`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    digest = _scrypt(secret, salt, _COST)
    return "$".join(("scrypt", str(_COST), str(_BLOCK), str(_PARALLEL), _text(salt), _text(digest)))


def new_secret() -> str:
    """Return a random secret of 256 bits, in letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(_NEW_BYTES)


def is_secret(secret: str, stored: str) -> bool:
    """Return whether `stored` is a hash of the secret. Raises ValueError if it is not a hash of this module.

    A secret that is too long takes as long as another: the time must not tell that the account exists.
    """
    cost, salt, digest = _parts(stored)
    fits = hmac.compare_digest(_scrypt(secret[:LONGEST_SECRET], salt, cost), digest)
    return fits and len(secret) <= LONGEST_SECRET


def is_hash(stored: str) -> bool:
    """Return whether secrets can be compared with `stored`."""
    try:
        _parts(stored)
    except ValueError:
        return False
    return True


def is_outdated(stored: str) -> bool:
    """Return whether a hash costs less than new ones, so that the next sign-in should renew it."""
    return _parts(stored)[0] < _COST


def waste_time(secret: str) -> None:
    """Take as long as a comparison, so that the time of an answer does not tell whether an account exists."""
    _scrypt(secret[:LONGEST_SECRET], bytes(_SALT_BYTES), _COST)


def _parts(stored: str) -> tuple[int, bytes, bytes]:
    """Return the cost, the salt and the digest of a hash. A cost above the limit would take the server's time."""
    kind, *numbers, salt, digest = stored.split("$")
    if kind != "scrypt" or numbers[1:] != [str(_BLOCK), str(_PARALLEL)]:
        raise ValueError("The stored hash of a secret must be a scrypt hash.")
    cost, salt_bytes, digest_bytes = int(numbers[0]), _bytes(salt), _bytes(digest)
    if cost not in _COSTS or cost & (cost - 1) or len(digest_bytes) != _HASH_BYTES:
        raise ValueError(f"The cost of a hash must be a power of two from {_COSTS.start} to {_COSTS.stop // 2}.")
    return cost, salt_bytes, digest_bytes


def _scrypt(secret: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(
        secret.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=_BLOCK,
        p=_PARALLEL,
        maxmem=2 * 128 * cost * _BLOCK,
        dklen=_HASH_BYTES,
    )


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
