"""The signing key of production: the operator makes it before the first start."""

from __future__ import annotations

from typing import Final

from app.safety.check import Check, failed, passed
from app.settings import Settings

KEY_FILE: Final = "token-key.pem"
"""The name of the signing key in the data folder."""


DEMO_MARK: Final = b"preauth: made by a demo\n"
"""The first line of a key file that a demo made."""


def check_signing_key(settings: Settings) -> Check:
    """Check that the data folder has a signing key, and that no demo made it."""
    file = settings.data / KEY_FILE
    try:
        with file.open("rb") as content:
            start = content.read(len(DEMO_MARK))
    except FileNotFoundError:
        return failed("signing key", f"{settings.data} has no signing key.", "Run `preauth init` once.")
    except OSError as unreadable:
        return failed("signing key", f"{file}: {unreadable.strerror}.", "The server's user must be able to read it.")
    if start == DEMO_MARK:
        return failed(
            "signing key", f"{file} was made by a demo.", "Use a folder that no demo used, and run `preauth init`."
        )
    return passed("signing key", f"{settings.data} has a signing key that no demo made.")
