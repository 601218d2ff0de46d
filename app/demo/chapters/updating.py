"""Chapter "Change": the EHR adds an item to a request, and cancels another request."""

from __future__ import annotations

from app.demo.answers import RequestAnswer
from app.demo.chapters.requesting import SUBMIT
from app.demo.scene import Scene, expect
from app.demo.step import Shown
from app.demo.update_messages import cancellation, update


def added(scene: Scene) -> Shown:
    """Add an item to the first request; its decided item and its number stay."""
    before = scene.answer("approve")
    resource = scene.post("ehr-a", SUBMIT, update(scene.today)).resources[0]
    answer = RequestAnswer(resource)
    expect("the items", [1, 2], [item["itemSequence"] for item in resource["item"]])
    expect("the ClaimResponse", before.id, answer.id)
    expect("the authorization number", before.number, answer.number)
    return Shown(answer.decision, answer.number, "two items under one number")


def cancelled(scene: Scene) -> Shown:
    """Cancel the reviewed request as a whole; no item stays authorized."""
    answer = RequestAnswer(scene.post("ehr-a", SUBMIT, cancellation(scene.today)).resources[0])
    expect("the ClaimResponse", scene.answer("pend").id, answer.id)
    expect("the review action", "C", answer.action)
    expect("the authorization number", "", answer.number)
    return Shown(answer.decision, answer.reference, answer.reason)
