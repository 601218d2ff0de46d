"""How a command ends when it cannot do its work: one sentence on standard error, and an exit code."""

from __future__ import annotations

import typer

CANNOT_USE = 2
"""Something that was given cannot be used: an option, a variable or a file."""

CANNOT_START = 3
"""The server cannot start: the port, the policy or the store cannot be opened."""


def ended(sentence: str, code: int) -> typer.Exit:
    """Print the sentence on standard error, and return what to raise."""
    typer.echo(sentence, err=True)
    return typer.Exit(code)


def why(error: Exception) -> str:
    """Return the error's sentence; of the system's errors only `nowhere.yaml: No such file or directory.`."""
    if not isinstance(error, OSError):
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror}."
