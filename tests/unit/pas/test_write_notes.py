"""What an answer says in words: the decision on an item, and how much of what was asked for is authorized."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.datatypes import Period
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AppealRight, AskedDocument, Criterion
from app.pas.edition import Edition
from app.pas.requests.write_claim_response import write_claim_response
from tests.support.answers import (
    CERTIFIED,
    CURRENT,
    DENIED,
    MODIFIED,
    OLDER,
    PENDED,
    as_sent,
    authorization,
    extended,
    part,
    submitted,
)
from tests.support.samples import request_bundle, request_item

Json = dict[str, Any]

CANCELLED = ItemDecision(ReviewAction.CANCELLED, "cancelled-by-sender", date(2026, 11, 20))


def answer(decision: ItemDecision, **asked: Any) -> Json:
    item = {name: value for name, value in (request_item() | asked).items() if value is not None}
    request = submitted(request_bundle(items=[item]))
    return as_sent(write_claim_response(authorization(request, decision), request.face, CURRENT))


@pytest.mark.parametrize(
    ("decision", "text"),
    [
        (CERTIFIED, "Approved"),
        (DENIED, "Denied"),
        (PENDED, "Pended for review"),
        (MODIFIED, "Approved with changes"),
        (CANCELLED, "Cancelled"),
    ],
)
def test_the_code_of_a_decision_comes_with_our_own_words(decision: ItemDecision, text: str) -> None:
    written = answer(decision)
    for item in (*written["item"], *written.get("addItem", [])):
        review = extended(item["adjudication"][0], "extension-reviewAction")
        assert part(review, "extension-reviewActionCode")["text"] == text


FROM, UNTIL = "Authorized from {}; requested from {}.", "Authorized until {}; requested until {}."
CUTS: list[tuple[Json, Json, list[str]]] = [
    ({"quantity": {"value": 40}}, {"quantity": Decimal("12.0")}, ["12 of 40 units authorized."]),
    ({"quantity": {"value": 8, "unit": "visits"}}, {"quantity": Decimal("1.5")}, ["1.5 of 8 visits authorized."]),
    ({}, {"quantity": None}, []),
    ({}, {"period": Period()}, []),
    (
        {},
        {"period": Period(date(2026, 12, 5), date(2027, 2, 27))},
        [FROM.format("2026-12-05", "2026-12-01"), UNTIL.format("2027-02-27", "2027-02-28")],
    ),
    ({}, {"period": Period(date(2026, 11, 1), date(2027, 6, 30))}, []),
    ({"servicedPeriod": None}, {"period": Period(date(2026, 12, 5), date(2026, 12, 6))}, []),
    ({"servicedPeriod": {"start": "2026-12-01"}}, {"period": Period(date(2026, 12, 1), date(2026, 12, 6))}, []),
]


@pytest.mark.parametrize(("asked", "granted", "texts"), CUTS)
def test_a_note_gives_the_authorized_amount_after_a_cut(asked: Json, granted: Json, texts: list[str]) -> None:
    assert CERTIFIED.granted is not None
    written = answer(replace(CERTIFIED, granted=replace(CERTIFIED.granted, **granted)), **asked)
    notes = {note["number"]: note["text"] for note in written.get("processNote", [])}
    assert [notes[number] for number in written["item"][0].get("noteNumber", [])] == texts


def test_the_reason_of_a_cut_comes_before_its_amount() -> None:
    texts = [note["text"] for note in answer(MODIFIED)["processNote"]]
    assert texts == ["Twelve units are authorized at a time.", "8 of 12 units authorized.", "Decided on 2026-11-20."]


CRITERION = Criterion("Twelve units at a time", "Medical Policy 3.2")
APPEAL = AppealRight(date(2027, 1, 19), "Write to the payer.", "Call if waiting could harm the patient.")


@pytest.mark.parametrize(
    ("decision", "denied"), [(DENIED, "the denial"), (MODIFIED, "the part that is not authorized")]
)
@pytest.mark.parametrize("edition", [CURRENT, OLDER])
def test_a_denial_names_its_criterion_its_day_and_the_last_day_to_appeal(
    decision: ItemDecision, denied: str, edition: Edition
) -> None:
    request = submitted(request_bundle())
    final = replace(decision, criterion=CRITERION, appeal=APPEAL)
    written = as_sent(write_claim_response(authorization(request, final), request.face, edition))
    texts = [note["text"] for note in written["processNote"]]
    assert texts[-2:] == [
        "Decided on 2026-11-20 under: Twelve units at a time (Medical Policy 3.2).",
        f"The last day to appeal {denied} is 2027-01-19. Write to the payer. Call if waiting could harm the patient.",
    ]
    assert written["item"][0]["noteNumber"] == list(range(1, len(texts) + 1))


def test_an_appeal_without_expedited_terms_has_only_the_standard_terms() -> None:
    appeal = replace(APPEAL, expedited=None)
    assert answer(replace(DENIED, appeal=appeal))["processNote"][-1]["text"] == (
        "The last day to appeal the denial is 2027-01-19. Write to the payer."
    )


@pytest.mark.parametrize("decision", [CERTIFIED, PENDED, CANCELLED])
def test_only_a_denial_has_its_criterion_as_a_note(decision: ItemDecision) -> None:
    texts = [note["text"] for note in answer(replace(decision, criterion=CRITERION)).get("processNote", [])]
    assert not any("Medical Policy" in text or "appeal" in text for text in texts)


NOTE, PLAN = AskedDocument("11506-3", "Progress note"), AskedDocument("18776-5", "Plan of care")


@pytest.mark.parametrize(
    ("missing", "received", "texts"),
    [
        ((NOTE, PLAN), (), ["Please send: Progress note (LOINC 11506-3), Plan of care (LOINC 18776-5)."]),
        ((NOTE,), (PLAN,), ["Please send: Progress note (LOINC 11506-3).", "Received: Plan of care (LOINC 18776-5)."]),
        ((), (NOTE,), ["Received: Progress note (LOINC 11506-3). A reviewer reads them and decides."]),
        (("11506-3",), (), ["Please send: LOINC 11506-3."]),
        ((), (), []),
    ],
)
def test_the_missing_documents_are_requested_and_the_others_are_acknowledged(
    missing: tuple[AskedDocument | str, ...], received: tuple[AskedDocument, ...], texts: list[str]
) -> None:
    written = answer(replace(PENDED, ask_for=missing, received=received))
    assert [note["text"] for note in written["processNote"]][1:-1] == texts
