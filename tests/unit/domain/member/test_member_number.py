"""Which of the numbers of a patient and a coverage name the member at the payer."""

from __future__ import annotations

import pytest

from app.domain.datatypes import MemberNumber, Source
from app.domain.member.member_number import MOST_CANDIDATES, candidates

OURS, THEIRS = "https://payer.example.org/members", "https://other-payer.example.org/members"
SUBSCRIBER = MemberNumber(Source.COVERAGE, "S1")


def of_patient(value: str, system: str = "") -> MemberNumber:
    return MemberNumber(Source.PATIENT, value, system)


def of_coverage(value: str, system: str = "") -> MemberNumber:
    return MemberNumber(Source.COVERAGE, value, system)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], ()),
        ([of_patient("P1")], ("P1",)),
        ([of_coverage("C1", OURS)], ("C1",)),
        ([SUBSCRIBER], ("S1",)),
        ([of_patient("X1", THEIRS), of_coverage("C1", OURS)], ("C1",)),
        ([of_patient("X1", THEIRS), of_patient("P1", OURS), of_coverage("C1", OURS)], ("P1",)),
        ([of_patient("P1"), of_coverage("C1", OURS)], ("C1",)),
        ([of_patient("P1"), SUBSCRIBER], ("P1",)),
        ([of_patient("P1", OURS), SUBSCRIBER], ("P1",)),
        ([of_patient("X1", THEIRS), of_patient("S1", OURS), SUBSCRIBER], ("S1",)),
        ([of_patient("X1", THEIRS), of_patient("P1", OURS), SUBSCRIBER], ("S1",)),
        ([of_coverage("X1", THEIRS), of_coverage("S1", OURS), SUBSCRIBER, of_patient("P1", OURS)], ("P1",)),
        ([MemberNumber(Source.UNTYPED, "U1", OURS)], ("U1",)),
        ([MemberNumber(Source.UNTYPED, "U1", OURS), SUBSCRIBER], ("S1",)),
    ],
)
def test_without_systems_of_the_payer_those_of_the_coverage_count(
    numbers: list[MemberNumber], expected: tuple[str, ...]
) -> None:
    assert candidates(numbers) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([of_patient("X1", THEIRS)], ()),
        ([of_coverage("X1", THEIRS), of_patient("X1", THEIRS)], ()),
        ([of_coverage("X1", THEIRS), of_patient("P1", OURS)], ("P1",)),
        ([of_patient("X1", THEIRS), of_coverage("C1", OURS)], ("C1",)),
        ([of_patient("X1", THEIRS), SUBSCRIBER], ("S1",)),
        ([of_patient("P1"), of_coverage("S1")], ("P1",)),
        ([of_patient("P1", OURS), of_patient("P2", OURS)], ("P1", "P2")),
    ],
)
def test_with_systems_of_the_payer_numbers_of_others_do_not_count(
    numbers: list[MemberNumber], expected: tuple[str, ...]
) -> None:
    assert candidates(numbers, systems={OURS}) == expected


def test_the_numbers_of_the_coverage_are_those_of_a_subscriber() -> None:
    numbers = [of_patient("P1", OURS), of_coverage("C1", OURS), SUBSCRIBER]
    assert candidates(numbers) == ("P1",)
    assert candidates(numbers, subscriber=True) == ("P1", "C1", "S1")


def test_a_request_cannot_try_many_numbers() -> None:
    assert len(candidates([of_patient(f"P{number}") for number in range(99)])) == MOST_CANDIDATES
