"""`preauth hash-secret`: print the hash of a secret or a password, for the operator's file."""

from __future__ import annotations

import typer

from app.access.smart.secret import LONGEST_SECRET, hashed
from app.cli.ending import CANNOT_USE, ended


def hash_secret() -> None:
    """Prompt for a secret or a password, or read it from standard input, and print its hash.

    Files of PREAUTH_CLIENTS have hashes only. Exit code: 2 if the secret is empty or too long.

    Example: preauth hash-secret
    """
    secret = str(typer.prompt("Secret", hide_input=True, confirmation_prompt=True))
    if len(secret) > LONGEST_SECRET:
        raise ended(f"The secret must have at most {LONGEST_SECRET} characters.", CANNOT_USE)
    typer.echo(hashed(secret))
