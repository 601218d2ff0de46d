"""The story: what happens, in order, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from app.demo import billing, requesting, reviewing, seeing
from app.demo.scene import Exchange, Scene, Surprise
from app.demo.step import Chapter, Shown, Step

STORY = (
    Chapter(
        "The clinic asks",
        (
            Step("EHR", "asks for 12 units of physical therapy", requesting.approved),
            Step("EHR", "sends the same request twice more, as after a lost connection", requesting.same_answer),
            Step("EHR", "asks for 40 units", requesting.modified),
            Step("EHR", "asks for an item that no plan covers", requesting.denied),
        ),
    ),
    Chapter(
        "The clinic bills",
        (
            Step("biller", "bills 4 units with the number, and reads the answer", billing.paid),
            Step("biller", "bills 10 more", billing.over_the_limit),
            Step("biller", "bills 2 units of the second approval, without its number", billing.without_number),
            Step("biller", "bills them again, with the number typed by hand", billing.carelessly_typed),
            Step("biller", "lists both sides of the link by the number", billing.both_sides),
        ),
    ),
    Chapter(
        "A person decides",
        (
            Step("EHR", "asks for two lumbar MRIs", reviewing.pended),
            Step("reviewer", "reads the request and approves it", reviewing.decided),
            Step("EHR", "inquires what became of it", reviewing.inquired),
        ),
    ),
    Chapter(
        "Everybody sees their own",
        (
            Step("EHR", "asks for another patient", requesting.another_patient),
            Step("patient", "looks for everything, then for the other patient's", seeing.the_patient),
            Step("other EHR", "looks for the first approval", seeing.another_organisation),
            Step("other payer", "looks for the first approval", seeing.another_payer),
        ),
    ),
    Chapter(
        "Mistakes are told at once",
        (Step("EHR", "sends a request with three mistakes", requesting.refused),),
    ),
)

CLIENTS = ("ehr-a", "biller", "reviewer", "patient-1", "ehr-b", "reviewer-2")
"""Who takes part; the demo's clients of these names."""


@dataclass(frozen=True, slots=True)
class Told:
    """A step that went as it should: its number, its place, what it showed, and the exchanges it took."""

    number: int
    chapter: Chapter
    step: Step
    shown: Shown
    exchanges: tuple[Exchange, ...]


def tell(scene: Scene, story: tuple[Chapter, ...] = STORY) -> Iterator[Told]:
    """Take the steps one after the other. Raises Surprise, with the step's number and title."""
    steps = [(chapter, step) for chapter in story for step in chapter.steps]
    for number, (chapter, step) in enumerate(steps, 1):
        before = len(scene.exchanges)
        try:
            shown = step.act(scene)
        except Surprise as surprise:
            raise Surprise(f"Step {number}: the {step.who} {step.what}.\n{surprise}") from surprise
        except (httpx.HTTPError, LookupError, TypeError, ValueError) as broken:
            text = f"An answer could not be read: {type(broken).__name__}: {broken}"
            raise Surprise(f"Step {number}: the {step.who} {step.what}.\n{text}") from broken
        yield Told(number, chapter, step, shown, tuple(scene.exchanges[before:]))
