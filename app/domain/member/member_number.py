"""Choose the member number among the numbers that a client sends with a patient and a coverage.

A patient may have numbers of several payers, and a coverage may have the number of the subscriber only. The focal
Coverage decides which system is the payer's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from app.domain.datatypes import MemberNumber, Source

MOST_CANDIDATES = 4
"""The most numbers to look up for one patient, so that no request can try many."""


def candidates(
    numbers: Iterable[MemberNumber], *, subscriber: bool = False, systems: Collection[str] = frozenset()
) -> tuple[str, ...]:
    """Return the numbers that may name the member, the likeliest first. The order of `numbers` does not matter.

    `systems` are the payer's; without them, those of the Coverage count. The Patient's number comes first, as several
    members may share a Coverage. If the patient is the `subscriber`, the Coverage's numbers are the patient's, too.
    """
    counted = _counted(numbers, systems)
    person = [number.value for number in counted if number.source is Source.PATIENT]
    coverage = [number.value for number in counted if number.source is Source.COVERAGE]
    untyped = [number.value for number in counted if number.source is Source.UNTYPED]
    chosen = (person or coverage) + (coverage if subscriber else []) or untyped
    return tuple(dict.fromkeys(chosen))[:MOST_CANDIDATES]


def _counted(numbers: Iterable[MemberNumber], systems: Collection[str]) -> list[MemberNumber]:
    """Return the numbers of the payer, sorted. A Patient's number without system counts if no number has a system."""
    listed = sorted(set(numbers))
    own = systems or _own_systems(listed)
    named = [number for number in listed if number.system and number.system in own]
    unnamed = [number for number in listed if not number.system]
    return named + [number for number in unnamed if not named or number.source is Source.COVERAGE]


def _own_systems(numbers: list[MemberNumber]) -> set[str]:
    """Return the systems of the payer's numbers: those of the Coverage, else those of the Patient.

    A number that is also the subscriberId shows the system. Several systems on a Patient are not clear without it.
    """
    systems = {number.system for number in numbers if number.system}
    if len(systems) <= 1:
        return systems
    unnamed = {number.value for number in numbers if number.source is Source.COVERAGE and not number.system}
    for source in Source:
        named = [number for number in numbers if number.source is source and number.system]
        if named:
            every = {number.system for number in named}
            same = {number.system for number in named if number.value in unnamed}
            clear = source is Source.COVERAGE or not unnamed or len(every) == 1
            return same or (every if clear else set())
    return set()
