"""Read the settings from options and `PREAUTH_*` variables; refuse with a sentence for each bad one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from app.settings.fields import Settings
from app.settings.unknown import variable_of


class SettingsRefused(Exception):  # noqa: N818 - the fault is the operator's, not this program's
    """The server must not start with these settings; the text has a sentence per line, each with its remedy."""


def load_settings(**given: Any) -> Settings:
    """Read the settings from the environment; `given` options of the command line win, unless they are None.

    Raises SettingsRefused with all refusals.
    """
    options = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**options)
    except ValidationError as refused:
        sentences = [_sentence(error["loc"], error["msg"], options) for error in refused.errors()]
        raise SettingsRefused("\n".join(sentences)) from None


def _sentence(place: tuple[int | str, ...], message: str, options: Collection[str]) -> str:
    """Return the sentence about a refused value, with the name of its option or variable."""
    text = message.removeprefix("Value error, ").replace("Input should", "must", 1)
    if not place:
        return text
    name = str(place[0])
    return f"--{name.replace('_', '-')}: {text}" if name in options else f"{variable_of(name)}: {text}"
