"""Compare the demographics that a client sends with the payer's member record, and count contradictions.

A member id is printed on a card, so knowing it proves little. Names and birth dates can be guessed, so the server
counts wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from app.domain.member.family_name import same_name
from app.domain.request import Member


class Contradiction(StrEnum):
    """The demographic that differs from the record."""

    NAME = "name"
    BIRTH_DATE = "birth date"
    NUMBER = "member number"


class Person(Struct, frozen=True):
    """A member on record, as the payer's Patient says: the current family names, and the rest if known.

    `active` is False for a record that is not in use. `deceased` is the last day on which the member may have lived.
    `recorded`: False if the first request said it, because the payer accepted the member unknown.
    """

    families: tuple[str, ...] = ()
    birth_date: date | None = None
    gender: str | None = None
    active: bool = True
    deceased: date | None = None
    recorded: bool = True


def contradiction(sent: Member, person: Person) -> Contradiction | None:
    """Return the first demographic that contradicts the record, name before birth date. A missing one never does."""
    if sent.families and person.families and not same_name(sent.families, person.families):
        return Contradiction.NAME
    if sent.birth_date and person.birth_date and sent.birth_date != person.birth_date:
        return Contradiction.BIRTH_DATE
    return None


def identifies(sent: Member, person: Person) -> bool:
    """Return whether the client sent all demographics on record, at least a family name, without a contradiction."""
    complete = sent.families and person.families and (sent.birth_date or not person.birth_date)
    return bool(complete) and contradiction(sent, person) is None


MOST_CONTRADICTIONS = 5
"""A client that contradicts a member's record this often in a day gets the answer for an unknown member."""


class Contradicted(Struct, frozen=True):
    """The digests of the bodies in which a client contradicted a member's record on one day. Each body counts once."""

    client: str
    day: date
    bodies: tuple[str, ...]


def is_withheld(counts: Iterable[Contradicted], client: str, day: date) -> bool:
    """Return whether the client has contradicted the record too often today to learn anything about the member."""
    return len(_bodies(counts, client, day)) >= MOST_CONTRADICTIONS


def counted(counts: Iterable[Contradicted], client: str, day: date, digest: str) -> tuple[Contradicted, ...]:
    """Count a body, by its digest, for the client and the day. Counts of other days are dropped."""
    today = tuple(count for count in counts if count.day == day)
    bodies = dict.fromkeys((*_bodies(today, client, day), digest))
    other_clients = (count for count in today if count.client != client)
    return (*other_clients, Contradicted(client, day, tuple(bodies)))


def _bodies(counts: Iterable[Contradicted], client: str, day: date) -> tuple[str, ...]:
    return next((count.bodies for count in counts if (count.client, count.day) == (client, day)), ())
