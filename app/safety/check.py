"""The result of one check of a server, as `preauth doctor` prints it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Status(StrEnum):
    """How a check ended. The server starts with a warning, but not with a failure."""

    PASS = "pass"  # noqa: S105 - not a password
    WARN = "warn"
    FAIL = "fail"


class Check(Struct, frozen=True):
    """A check: its name, how it ended, what it found, and what the operator must do about it."""

    name: str
    status: Status
    text: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """The finding with its remedy, in one line."""
        return f"{self.text} {self.remedy}".strip()


def passed(name: str, text: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name, Status.PASS, text)


def warned(name: str, text: str, remedy: str) -> Check:
    """Return a check whose finding the operator should know."""
    return Check(name, Status.WARN, text, remedy)


def failed(name: str, text: str, remedy: str = "") -> Check:
    """Return a check whose finding prevents a start."""
    return Check(name, Status.FAIL, text, remedy)
