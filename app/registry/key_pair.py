"""Make a key pair for a client that signs its assertions (ES384)."""

from __future__ import annotations

from typing import Any

from joserfc.jwk import ECKey

CURVE = "P-384"
ALGORITHM = "ES384"


def new_key_pair(kid: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a private key as a JWK, and the key set with its public key."""
    key = ECKey.generate_key(CURVE, {"kid": kid, "use": "sig", "alg": ALGORITHM}, private=True)
    private, public = key.as_dict(private=True), key.as_dict(private=False)
    return dict(private), {"keys": [dict(public)]}
