"""Make a key pair for a client that signs its assertions (ES384)."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import ECKey

CURVE = "P-384"
ALGORITHM = "ES384"


def new_key_pair(kid: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a private key as a JWK, and the key set with its public key."""
    key = ECKey.generate_key(CURVE, {"kid": kid, "use": "sig", "alg": ALGORITHM}, private=True)
    private = dict(key.as_dict(private=True))
    return private, public_part(private)


def public_part(private: dict[str, Any]) -> dict[str, Any]:
    """Return the key set with the public key of a private one."""
    return {"keys": [dict(ECKey.import_key(private).as_dict(private=False))]}
