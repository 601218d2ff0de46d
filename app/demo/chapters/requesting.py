"""Chapter "Request": the EHR requests authorizations, which are approved, modified or denied."""

from __future__ import annotations

from app.demo.answers import RequestAnswer
from app.demo.messages import SLIPS, careless_request, range_request, request
from app.demo.scene import Exchange, Scene, expect, expect_some
from app.demo.step import Shown

SUBMIT = "/Claim/$submit"
GRANTED = ("A1", "A6")


def approved(scene: Scene) -> Shown:
    """Request twelve units, which the policy approves at once."""
    answer = submitted(scene, "approve", "A1")
    return Shown(answer.decision, answer.number, f"12 units from {answer.begins}")


def same_answer(scene: Scene) -> Shown:
    """Send the first request again; the server repeats its first answer byte for byte."""
    again = _submit(scene, "approve")
    expect("the answer, byte for byte", scene.remembered["approve"].text, again.text)
    return Shown("same answer", scene.answer("approve").number, f"identical in all {len(again.text):,} bytes")


def modified(scene: Scene) -> Shown:
    """Request more units than the policy approves at once."""
    answer = submitted(scene, "modify", "A6")
    expect("the units granted", 12, answer.granted_units)
    return Shown(answer.decision, answer.number, f"12 of 40 units. {answer.reason}")


def denied(scene: Scene) -> Shown:
    """Request an item that no plan covers; the answer has a reason and no number."""
    answer = submitted(scene, "deny", "A3")
    expect_some("a reason", answer.reason)
    return Shown(answer.decision, "", answer.reason)


def range_of_codes(scene: Scene) -> Shown:
    """Request a range of codes that several rules cover; no rule reviews every code, so a reviewer decides."""
    scene.remembered["range"] = scene.post("ehr-a", SUBMIT, range_request(scene.today))
    answer = scene.answer("range")
    expect("the review action", "A4", answer.action)
    expect("an authorization number", "", answer.number)
    return Shown(answer.decision, answer.reference, answer.reason)


def another_patient(scene: Scene) -> Shown:
    """Request the same service for another member of the payer."""
    answer = submitted(scene, "approve-m002", "A1")
    return Shown(answer.decision, answer.number, "Member M002")


def refused(scene: Scene) -> Shown:
    """Send a request with three mistakes; the server rejects it and names each mistake with its place."""
    outcome = scene.post("ehr-a", SUBMIT, careless_request(scene.today), status=422).body
    expect("the resource", "OperationOutcome", outcome.get("resourceType"))
    places = {place for issue in outcome["issue"] for place in issue.get("expression", [])}
    expect("the expressions of the issues", set(SLIPS), places)
    return Shown("rejected", "", f"{len(SLIPS)} issues in one OperationOutcome: {', '.join(SLIPS.values())}")


def submitted(scene: Scene, sample: str, action: str) -> RequestAnswer:
    """Submit a sample, and remember the answer by the sample's name.

    Raises UnexpectedAnswer unless the answer has the review action.
    """
    scene.remembered[sample] = _submit(scene, sample)
    answer = scene.answer(sample)
    expect("the review action", action, answer.action)
    if action in GRANTED:
        expect_some("an authorization number", answer.number)
    else:
        expect("an authorization number", "", answer.number)
    return answer


def _submit(scene: Scene, sample: str) -> Exchange:
    return scene.post("ehr-a", SUBMIT, request(sample, scene.today))
