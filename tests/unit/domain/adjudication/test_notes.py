"""The notes of an answer, and the item that they explain."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain.adjudication.adjudicate import NUMBER_NOT_NEEDED
from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.billing import BilledLine
from app.domain.datatypes import Coding
from app.domain.decision import ReviewAction
from app.domain.requirement import Need, Requirement
from app.domain.units import Unit
from tests.support.billing_samples import (
    AU1,
    MALFORMED,
    NEVER_ISSUED,
    OFFICE,
    B,
    authorization,
    claim,
    codes,
    item,
    line,
    on,
    only,
)


def test_the_notes_list_every_mismatch_and_the_first_is_the_reason() -> None:
    result = only(claim(line(providers=(B,), day="2026-04-01", place=Coding(OFFICE.system, "12"))))
    assert codes(result) == "CO-296 N54"
    assert [note.partition(":")[0] for note in result.notes[1:]] == [
        "Rendering provider",
        "Place of service",
        "Service dates",
        "Units left in the authorization",
    ]


def test_the_first_note_has_the_problem_and_the_next_step() -> None:
    result = only(claim(line("97140")))
    assert result.reason is not None
    assert result.notes[0] == f"{result.reason.text} {result.reason.next_step}"
    assert result.notes[1] == "Procedure: claimed 97140, authorized 97110."


LATER = {"period": on("2027-01-01")}
ELSEWHERE = Coding("", "12")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (item(granted=LATER), item("97140")),
        (item(granted=LATER, place=ELSEWHERE), item(action=ReviewAction.NOT_CERTIFIED)),
        (item(place=ELSEWHERE, unit=Unit(code="DA")), item(granted=LATER, unit=Unit(code="UN"))),
        (item(granted=LATER), item(place=ELSEWHERE)),
        (item(place=ELSEWHERE, decided=date(2025, 1, 1)), item(place=Coding("", "13"))),
    ],
    ids=["same service", "granted", "fewer", "less grave", "older"],
)
def test_the_closest_item_is_the_one_reported(better: AuthorizedItem, worse: AuthorizedItem) -> None:
    billed = claim(line(unit=Unit(code="DA")))
    alone = only(billed, authorization(better))
    first = authorization(better, replace(worse, requested=replace(worse.requested, sequence=2)))
    last = authorization(worse, replace(better, requested=replace(better.requested, sequence=2)))
    answers = [replace(only(billed, known), linked=None) for known in (first, last)]
    assert answers == [replace(alone, linked=None)] * 2


def test_a_malformed_number_and_an_unknown_number_get_different_answers() -> None:
    malformed, unknown = only(claim(number=MALFORMED)), only(claim(number=NEVER_ISSUED))
    assert malformed.notes != unknown.notes
    assert malformed.reason != unknown.reason


@pytest.mark.scenario("S-03")
def test_an_omitted_number_is_requested_and_never_printed() -> None:
    result = only(claim(number=None))
    assert "on file" in result.notes[0]
    assert "a new claim" in result.notes[0]
    assert AU1 not in " ".join(result.notes)


@pytest.mark.scenario("S-07")
def test_a_note_reports_an_unneeded_number() -> None:
    assert only(claim(line("99213"))).notes == (NUMBER_NOT_NEEDED,)
    assert only(claim(line("99213"), number=None)).notes == ()


def free(_: BilledLine) -> Requirement:
    return Requirement(Need.NOT_REQUIRED)


def test_a_number_that_fits_draws_also_if_none_was_needed() -> None:
    result = only(claim(), requirement=free)
    assert (codes(result), result.draws[0].units) == ("paid", line().quantity)


@pytest.mark.parametrize(
    "known", [authorization(item("97140")), authorization(item(used="12")), authorization(item(used="10"))]
)
def test_a_number_that_fits_not_or_is_used_up_is_not_needed(known: Authorization) -> None:
    result = only(claim(), known, requirement=free)
    assert (codes(result), result.draws, result.notes) == ("paid", (), (NUMBER_NOT_NEEDED,))


def test_an_excluded_service_is_paid_only_from_an_authorization() -> None:
    def excluded(_: BilledLine) -> Requirement:
        return Requirement(Need.EXCLUDED)

    assert codes(only(claim(), requirement=excluded)) == "paid"
    assert codes(only(claim(number=NEVER_ISSUED), requirement=excluded)) == "CO-96 N216"
    assert codes(only(claim(number=None), requirement=excluded)) == "CO-96 N216"
