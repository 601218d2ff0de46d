"""The story: what happens, in order, and how it is told."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from msgspec import Struct

from app.demo import billing, requesting, reviewing, seeing
from app.demo.scene import Exchange, Scene, Surprise
from app.demo.step import Chapter, Shown, Step

STORY = (
    Chapter(
        "Request",
        (
            Step("EHR", "asks for 12 units of physical therapy", requesting.approved),
            Step("EHR", "sends the same request again", requesting.same_answer),
            Step("EHR", "asks for 40 units", requesting.modified),
            Step("EHR", "asks for an item that no plan covers", requesting.denied),
        ),
    ),
    Chapter(
        "Bill",
        (
            Step("biller", "bills 4 units", billing.paid),
            Step("biller", "bills 10 more units", billing.over_the_limit),
            Step("biller", "bills 2 more, and forgets the number", billing.without_number),
            Step("biller", "bills them again, number typed by hand", billing.carelessly_typed),
            Step("biller", "lists both sides of the link", billing.both_sides),
        ),
    ),
    Chapter(
        "Review",
        (
            Step("EHR", "asks for two lumbar MRIs", reviewing.pended),
            Step("reviewer", "reads it and approves it", reviewing.decided),
            Step("EHR", "inquires about it", reviewing.inquired),
        ),
    ),
    Chapter(
        "Privacy",
        (
            Step("EHR", "asks for another patient", requesting.another_patient),
            Step("patient", "lists all answers, and reads another's", seeing.the_patient),
            Step("EHR B", "looks for the first approval", seeing.another_organization),
            Step("payer B", "looks for the first approval", seeing.another_payer),
        ),
    ),
    Chapter(
        "Bad input",
        (Step("EHR", "sends a request with three mistakes", requesting.refused),),
    ),
)

CLIENTS = ("ehr-a", "biller", "reviewer", "patient-1", "ehr-b", "reviewer-2")
"""Who takes part; the demo's clients of these names."""


class Told(Struct, frozen=True):
    """A step that went as it should: its number, its place, what it showed, and the exchanges it took."""

    number: int
    chapter: Chapter
    step: Step
    shown: Shown
    exchanges: tuple[Exchange, ...]


def tell(scene: Scene, heard: Callable[[Told], object], story: tuple[Chapter, ...] = STORY) -> None:
    """Take the steps one after the other, and tell each as it ends.

    Raises Surprise, with the step's number and title, at the first that goes otherwise.
    """
    steps = [(chapter, step) for chapter in story for step in chapter.steps]
    for number, (chapter, step) in enumerate(steps, 1):
        before = len(scene.exchanges)
        try:
            shown = step.act(scene)
        except Surprise as surprise:
            raise Surprise(f"Step {number}: the {step.who} {step.what}.\n{surprise}") from surprise
        except (httpx.HTTPError, LookupError, TypeError, ValueError) as broken:
            text = f"an answer: expected one as the story says, got {type(broken).__name__}: {broken}"
            raise Surprise(f"Step {number}: the {step.who} {step.what}.\n{text}") from broken
        heard(Told(number, chapter, step, shown, tuple(scene.exchanges[before:])))
