"""The signing key of production: the operator makes it before the first start."""

from __future__ import annotations

from typing import Final

from app.safety.check import Check, failed, passed
from app.settings import Settings

KEY_FILE: Final = "token-key.pem"
"""The name of the signing key in the data folder."""


def check_signing_key(settings: Settings) -> Check:
    """Check that the data folder has a signing key."""
    if (settings.data / KEY_FILE).exists():
        return passed("signing key", f"{settings.data} has a signing key.")
    return failed("signing key", f"{settings.data} has no signing key.", "Run `preauth init` once.")
