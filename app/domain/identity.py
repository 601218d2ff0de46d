"""Whether what a sender says of a person fits what the payer has on record of the member, and how often it did not.

Whoever knows a member id could otherwise ask about anybody: the number is printed on a card. Names and birth dates can
be guessed, so that wrong guesses are counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from app.domain.request import Member


class Contradiction(StrEnum):
    """In what the sender and the record differ."""

    NAME = "name"
    BIRTH_DATE = "birth date"


class Person(Struct, frozen=True):
    """Who a member is, as the payer has it on record: every family name, and the birth date where it is known."""

    families: tuple[str, ...] = ()
    birth_date: date | None = None


def contradiction(said: Member, person: Person) -> Contradiction | None:
    """Return in what the sender contradicts the record, the name first; what only one side says contradicts nothing."""
    if said.family and person.families and _plain(said.family) not in map(_plain, person.families):
        return Contradiction.NAME
    if said.birth_date and person.birth_date and said.birth_date != person.birth_date:
        return Contradiction.BIRTH_DATE
    return None


def identifies(said: Member, person: Person) -> bool:
    """Whether the sender gives all that the record has of the person, at least the family name, and gives the same."""
    complete = said.family and person.families and (said.birth_date or not person.birth_date)
    return bool(complete) and contradiction(said, person) is None


MOST_CONTRADICTIONS = 5
"""How many contradictions of a member's record a client is told of in a day; after them the member is unknown to it."""


class Contradicted(Struct, frozen=True):
    """The bodies in which a client contradicted a member's record on one day, by their digests: each counts once."""

    client: str
    day: date
    bodies: tuple[str, ...]


def is_withheld(counts: Iterable[Contradicted], client: str, day: date) -> bool:
    """Whether the client has contradicted the record too often today to be told anything of the member."""
    return len(_bodies(counts, client, day)) >= MOST_CONTRADICTIONS


def counted(counts: Iterable[Contradicted], client: str, day: date, body: str) -> tuple[Contradicted, ...]:
    """Return the counts with that of one more body; those of other days are dropped."""
    today = tuple(count for count in counts if count.day == day)
    bodies = dict.fromkeys((*_bodies(today, client, day), body))
    others = (count for count in today if count.client != client)
    return (*others, Contradicted(client, day, tuple(bodies)))


def _bodies(counts: Iterable[Contradicted], client: str, day: date) -> tuple[str, ...]:
    return next((count.bodies for count in counts if (count.client, count.day) == (client, day)), ())


_LONGEST_NAME = 256


def _plain(name: str) -> str:
    """Write a family name as it is compared: its first characters, without case or double spaces.

    Normalizing takes time by the square of the combining marks in a row, and the sender chooses them.
    """
    return " ".join(unicodedata.normalize("NFC", name[:_LONGEST_NAME]).casefold().split())
