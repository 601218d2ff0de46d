"""Compare the demographics in a request with the payer's member record."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.member.identity import Contradiction, Person, contradiction, identifies
from app.domain.request import Member

BORN, OTHER_DAY = date(1984, 5, 17), date(1984, 5, 18)
SAMPLE = Person(("Sample",), BORN)


def said(family: str | None = None, birth_date: date | None = None) -> Member:
    return Member("M001", () if family is None else (family,), birth_date=birth_date)


def test_a_name_of_many_combining_marks_is_compared_by_its_beginning() -> None:
    marked = "a" + "\u0315\u0301\u0327" * 300_000
    assert contradiction(said(marked), SAMPLE) is Contradiction.NAME
    assert contradiction(said(marked), Person((marked,))) is None


@pytest.mark.parametrize(
    ("member", "person", "expected"),
    [
        (said("Sample", BORN), SAMPLE, None),
        (said(" SAMPLE ", BORN), SAMPLE, None),
        (said("Strasse", BORN), Person(("Straße",), BORN), None),
        (said("van  der Berg"), Person(("Van der Berg",)), None),
        (said("Ma\u0301rquez"), Person(("M\u00e1rquez",)), None),
        (said("Sample"), Person(("Before", "Sample")), None),
        (said(), SAMPLE, None),
        (said("Anybody", OTHER_DAY), Person(), None),
        (said("Other", BORN), SAMPLE, Contradiction.NAME),
        (said("Other"), Person(("Before", "Sample")), Contradiction.NAME),
        (said("Other", OTHER_DAY), SAMPLE, Contradiction.NAME),
        (said("Sample", OTHER_DAY), SAMPLE, Contradiction.BIRTH_DATE),
        (said(None, OTHER_DAY), SAMPLE, Contradiction.BIRTH_DATE),
    ],
)
def test_only_demographics_on_both_sides_can_contradict(
    member: Member, person: Person, expected: Contradiction | None
) -> None:
    assert contradiction(member, person) is expected


@pytest.mark.parametrize(
    ("member", "person", "expected"),
    [
        (said("sample", BORN), SAMPLE, True),
        (said("Sample", BORN), Person(("Sample",)), True),
        (said("Sample"), Person(("Sample",)), True),
        (said("Sample"), SAMPLE, False),
        (said(None, BORN), SAMPLE, False),
        (said("Other", BORN), SAMPLE, False),
        (said("Sample", OTHER_DAY), SAMPLE, False),
        (said("Sample", BORN), Person((), BORN), False),
        (said(), Person(), False),
    ],
)
def test_a_person_is_identified_if_all_recorded_demographics_match(
    member: Member, person: Person, *, expected: bool
) -> None:
    assert identifies(member, person) is expected
