"""Chapter "Privacy": other organizations and payers see nothing; a patient sees only its own resources."""

from __future__ import annotations

from app.demo.messages import inquiry
from app.demo.reviewing import INQUIRE
from app.demo.scene import Scene, expect
from app.demo.step import Shown

NOT_FOUND = "not found"


def another_organization(scene: Scene) -> Shown:
    """Read, search and inquire as an organization that has submitted nothing."""
    _expect_nothing(scene, "ehr-b")
    parameters = scene.post("ehr-b", INQUIRE, inquiry(scene.today)).body
    expect("the answer to its inquiry", {"resourceType": "Parameters"}, parameters)
    return Shown(NOT_FOUND, "", "read: 404; search: empty; inquiry: empty")


def another_payer(scene: Scene) -> Shown:
    """Read and search as a reviewer of the other payer on this server."""
    _expect_nothing(scene, "reviewer-2")
    return Shown(NOT_FOUND, "", "read: 404; search: empty")


def the_patient(scene: Scene) -> Shown:
    """Search and read as a patient, who sees only answers about itself."""
    responses = scene.get("patient-1", "/ClaimResponse?_count=100").resources
    patients = {response["patient"]["reference"] for response in responses}
    expect("the number of patients in the search result", 1, len(patients))
    own, other = scene.answer("approve").id, scene.answer("approve-m002").id
    expect("the visible approvals of the two", {own}, {own, other} & {response["id"] for response in responses})
    scene.get("patient-1", f"/ClaimResponse/{other}", status=404)
    return Shown("own only", "", f"{len(responses)} answers, all about this patient; the other patient's: 404")


def _expect_nothing(scene: Scene, client: str) -> None:
    scene.get(client, f"/ClaimResponse/{scene.answer('approve').id}", status=404)
    expect("the search result", [], scene.get(client, "/ClaimResponse?status=active").resources)
