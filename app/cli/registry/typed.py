"""Take a secret from a person, or from a program."""

from __future__ import annotations

import sys

import typer


def typed_secret(name: str) -> str:
    """Prompt twice for a secret that the terminal does not show; without a terminal, read the first line of input."""
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
