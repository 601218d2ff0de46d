"""End a command that cannot do its work: one sentence on standard error, and an exit code."""

from __future__ import annotations

import typer

CANNOT_USE = 2
"""An option, a variable or a file cannot be used."""

CANNOT_START = 3
"""The port, the policy, the store or the signing key cannot be used, so no server can start."""


def ended(sentence: str, code: int) -> typer.Exit:
    """Print the sentence on standard error; return the exception to raise."""
    typer.echo(sentence, err=True)
    return typer.Exit(code)
