"""Whether what a sender says of a person fits what the payer has on record of the member.

Whoever knows a member id could otherwise ask about anybody: the number is printed on a card.
"""

from __future__ import annotations

import unicodedata
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


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
