"""Chapter "Review": a request is pended, a reviewer decides it, and the EHR inquires about it."""

from __future__ import annotations

from app.demo.answers import RequestAnswer
from app.demo.chapters.requesting import submitted
from app.demo.messages import decision, inquiry
from app.demo.scene import Scene, expect, expect_some
from app.demo.step import Shown

INQUIRE = "/Claim/$inquire"


def pended(scene: Scene) -> Shown:
    """Request a service that needs a reviewer; the answer has a reference number and a due time."""
    answer = submitted(scene, "pend", "A4")
    expect_some("a reference number", answer.reference)
    expect_some("a due time", answer.due)
    return Shown(answer.decision, answer.reference, f"{answer.reason}. Due {answer.due}")


def listed(scene: Scene) -> Shown:
    """Find the Task of the request on the worklist, with its due time."""
    pended = scene.answer("pend")
    tasks = scene.get("reviewer", f"/Task?status=requested&_sort=due&focus=ClaimResponse/{pended.id}").resources
    expect("the Tasks", 1, len(tasks))
    [task] = tasks
    due = str(task["restriction"]["period"]["end"])
    expect("the due time", pended.due, f"{due[:10]} {due[11:16]} UTC")
    return Shown("open", pended.reference, f"a {task['priority']} Task, due {pended.due}")


def decided(scene: Scene) -> Shown:
    """Read the request, and certify its item unless it has changed since."""
    path = f"/ClaimResponse/{scene.answer('pend').id}"
    read = scene.get("reviewer", path)
    guarded = {"If-Match": read.etag}
    decided = scene.post("reviewer", f"{path}/$decide", decision(1, "certify"), headers=guarded)
    answer = RequestAnswer(decided.body)
    expect("the review action", "A1", answer.action)
    expect_some("an authorization number", answer.number)
    return Shown(answer.decision, answer.number, f"the version went from {read.etag} to {decided.etag}")


def inquired(scene: Scene) -> Shown:
    """Inquire about the request by its reference number."""
    reference = scene.answer("pend").reference
    parameters = scene.post("ehr-a", INQUIRE, inquiry(scene.today, reference)).body.get("parameter", [])
    expect("the Bundles returned", 1, len(parameters))
    answer = RequestAnswer(parameters[0]["resource"]["entry"][0]["resource"])
    expect("the review action", "A1", answer.action)
    return Shown(answer.decision, answer.number, f"inquiry by reference number {reference}")
