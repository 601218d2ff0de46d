"""`preauth hash-secret`: print the hash of a secret or a password, for the operator's file."""

from __future__ import annotations

import typer

from app.access.smart.secret import LONGEST_SECRET, hashed
from app.cli.ending import CANNOT_USE, ended
from app.cli.registry.typed import typed_secret


def hash_secret() -> None:
    """Prompt for a secret or a password, or read it from standard input, and print its hash.

    Files of PREAUTH_CLIENTS have hashes only. Exit code: 2 if the secret is empty or too long.

    Example: preauth hash-secret
    """
    secret = typed_secret("Secret")
    if not 0 < len(secret) <= LONGEST_SECRET:
        raise ended(f"The secret must have 1 to {LONGEST_SECRET} characters.", CANNOT_USE)
    typer.echo(hashed(secret))
