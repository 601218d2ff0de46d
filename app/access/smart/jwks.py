"""Decide which keys of a JSON Web Key Set may verify signatures.

https://www.rfc-editor.org/rfc/rfc7517
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections import Counter
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.access.smart.key_source import PublicKey

MOST_KEYS = 50
LONGEST_KID = 256
RSA_BITS = range(2048, 8193)
CURVES = frozenset({"P-256", "P-384", "P-521"})

_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


def admitted(jwks: object) -> tuple[PublicKey, ...]:
    """Return the usable keys of a key set; a key that another one equals in `kid` and type is left out, like the other.

    Raises ValueError, with a sentence, if it is not a key set of at most 50 keys.
    """
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list):
        raise ValueError("A key set must be a JSON object with an array keys.")  # noqa: TRY004 - of the sender's JSON
    if len(keys) > MOST_KEYS:
        raise ValueError(f"A key set must have at most {MOST_KEYS} keys.")
    usable = [key for entry in keys if isinstance(entry, dict) for key in _read(entry)]
    count = Counter((key.kid, key.key_type) for key in usable)
    return tuple(key for key in usable if count[key.kid, key.key_type] == 1)


def fault_of(key: dict[str, Any]) -> str | None:
    """Return why a key must not verify signatures, as a sentence; None for a usable key."""
    try:
        _usable(key)
    except ValueError as fault:
        return str(fault)
    return None


def _read(key: dict[str, Any]) -> tuple[PublicKey, ...]:
    try:
        return (_usable(key),)
    except ValueError:
        return ()


def _usable(key: dict[str, Any]) -> PublicKey:
    """Return the key. Raises ValueError, with a sentence, if it must not verify signatures."""
    kid = key.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise ValueError(f"A key must have a kid of at most {LONGEST_KID} characters.")
    if key.get("kty") not in ("RSA", "EC"):
        raise ValueError("A key must be of type RSA or EC.")
    if _SECRET_MEMBERS & key.keys():
        raise ValueError("A key must be public: it must have no private members.")
    operations = key.get("key_ops", ["verify"])
    if key.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise ValueError("A key must be for signatures: use must be sig, and key_ops must have verify.")
    try:
        weakness = _weakness(key)
        if weakness is None:
            return RSAKey.import_key(key) if key["kty"] == "RSA" else ECKey.import_key(key)
    except (JoseError, ValueError, TypeError, KeyError) as malformed:
        raise ValueError("A key must have the members of its type, in the encoding of RFC 7518.") from malformed
    raise ValueError(weakness)


def _weakness(key: dict[str, Any]) -> str | None:
    if key["kty"] == "EC":
        return None if key["crv"] in CURVES else "An EC key must be on curve P-256, P-384 or P-521."
    bits = int.from_bytes(urlsafe_b64decode(key["n"] + "==")).bit_length()
    return None if bits in RSA_BITS else f"An RSA key must have {RSA_BITS.start} to {RSA_BITS.stop - 1} bits."
