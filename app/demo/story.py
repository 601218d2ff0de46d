"""The demo's chapters and steps in order, and the function that plays them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from msgspec import Struct

from app.demo.chapters import (
    billing,
    correcting,
    documenting,
    notifying,
    reminding,
    requesting,
    reviewing,
    seeing,
    updating,
)
from app.demo.scene import Exchange, Scene, UnexpectedAnswer
from app.demo.step import Chapter, Shown, Step

STORY = (
    Chapter(
        "Request",
        (
            Step("EHR", "requests 12 units of physical therapy", requesting.approved),
            Step("EHR", "sends the same request again", requesting.same_answer),
            Step("EHR", "requests 40 units", requesting.modified),
            Step("EHR", "requests an item that no plan covers", requesting.denied),
            Step("EHR", "requests 97110 to 99499 as one range", requesting.range_of_codes),
        ),
    ),
    Chapter(
        "Bill",
        (
            Step("biller", "bills 4 units", billing.paid),
            Step("biller", "bills 10 more units", billing.over_the_limit),
            Step("biller", "bills 2 units without the number", billing.without_number),
            Step("biller", "bills them again, number typed by hand", billing.carelessly_typed),
            Step("biller", "bills an excluded item, no number", billing.excluded),
            Step("biller", "searches claims and answers by number", billing.both_sides),
        ),
    ),
    Chapter(
        "Correct",
        (
            Step("biller", "tries 3 units at the patient's home", correcting.dry_run),
            Step("biller", "bills them in an office", correcting.paid),
            Step("biller", "replaces the claim: 2 units", correcting.replaced),
            Step("biller", "voids the claim", correcting.voided),
        ),
    ),
    Chapter(
        "Expire",
        (
            Step("payer", "records a decision made by phone", correcting.reported),
            Step("biller", "bills a day after its end", correcting.expired),
        ),
    ),
    Chapter(
        "Review",
        (
            Step("EHR", "subscribes to the results of its requests", notifying.subscribed),
            Step("EHR", "requests two lumbar MRIs", reviewing.pended),
            Step("EHR", "sends the document that is missing", documenting.attached),
            Step("reviewer", "finds it on the worklist", reviewing.listed),
            Step("reviewer", "opens the document", documenting.opened),
            Step("reviewer", "reads and approves the request", reviewing.decided),
            Step("EHR", "gets the decision as a notification", notifying.notified),
            Step("EHR", "inquires about the request", reviewing.inquired),
        ),
    ),
    Chapter(
        "Change",
        (
            Step("EHR", "adds a lumbar MRI to its first request", updating.added),
            Step("EHR", "cancels the reviewed request", updating.cancelled),
        ),
    ),
    Chapter(
        "Privacy",
        (
            Step("EHR", "requests 12 units for another patient", requesting.another_patient),
            Step("biller", "bills for that patient, first number", correcting.another_number),
            Step("patient", "lists all answers, and reads another's", seeing.the_patient),
            Step("EHR B", "searches the first approval", seeing.another_organization),
            Step("EHR B", "requests for its own organization", seeing.two_organizations),
            Step("clearinghouse", "requests for organization C", seeing.clearinghouse),
            Step("payer B", "searches the first approval", seeing.another_payer),
        ),
    ),
    Chapter(
        "Bad input",
        (Step("EHR", "sends a request with three mistakes", requesting.refused),),
    ),
)

WITH_A_CLOCK = (
    *STORY,
    Chapter(
        "Remind",
        (
            Step("EHR", "subscribes to reminders", reminding.subscribed),
            Step("EHR", "gets a reminder two months later", reminding.reminded),
        ),
    ),
)
"""The story with a second server, whose clock is ahead. A server that is seeded plays `STORY`."""

CLIENTS = ("ehr-a", "biller", "admin", "reviewer", "patient-1", "ehr-b", "house", "reviewer-2")
"""The demo clients that take part, by name."""


class StepResult(Struct, frozen=True):
    """A step with the expected answer: its number, its chapter, its result and its HTTP exchanges."""

    number: int
    chapter: Chapter
    step: Step
    shown: Shown
    exchanges: tuple[Exchange, ...]


def play(scene: Scene, report: Callable[[StepResult], object], story: tuple[Chapter, ...] = STORY) -> None:
    """Play the steps in order, and report each result.

    Raises UnexpectedAnswer, with the step's number and title, at the first unexpected answer.
    """
    steps = [(chapter, step) for chapter in story for step in chapter.steps]
    for number, (chapter, step) in enumerate(steps, 1):
        before = len(scene.exchanges)
        try:
            shown = step.act(scene)
        except UnexpectedAnswer as unexpected:
            raise UnexpectedAnswer(f"Step {number}: the {step.actor} {step.action}.\n{unexpected}") from unexpected
        except (httpx.HTTPError, LookupError, TypeError, ValueError) as broken:
            text = f"the answer cannot be read: {type(broken).__name__}: {broken}"
            raise UnexpectedAnswer(f"Step {number}: the {step.actor} {step.action}.\n{text}") from broken
        report(StepResult(number, chapter, step, shown, tuple(scene.exchanges[before:])))
