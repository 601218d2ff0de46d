"""Why a ruling cannot count. The texts are for the reviewer."""

from __future__ import annotations


class NotDecidable(Exception):  # noqa: N818 - about the ruling, not about this program
    """A ruling does not fit the authorization. `number` names the item; the text says what the ruling must be."""

    def __init__(self, number: str, text: str) -> None:
        self.number = number
        super().__init__(text)


class AlreadyDecided(NotDecidable):
    """The item has a decision."""


class NotAllowed(NotDecidable):
    """The person must not make this ruling."""
