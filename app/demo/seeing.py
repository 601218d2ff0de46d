"""Who sees what: another organization and another payer nothing, a patient its own."""

from __future__ import annotations

from app.demo.messages import inquiry
from app.demo.reviewing import INQUIRE
from app.demo.scene import Scene, expect
from app.demo.step import Shown

NOT_THERE = "not there"


def another_organization(scene: Scene) -> Shown:
    """Read, search and inquire as an organization that submitted nothing."""
    _expect_nothing(scene, "ehr-b")
    parameters = scene.post("ehr-b", INQUIRE, inquiry(scene.today)).body
    expect("the answer to its inquiry", {"resourceType": "Parameters"}, parameters)
    return Shown(NOT_THERE, "", "read: 404; search: empty; inquiry: empty")


def another_payer(scene: Scene) -> Shown:
    """Read and search as a reviewer of the other payer on this server."""
    _expect_nothing(scene, "reviewer-2")
    return Shown(NOT_THERE, "", "read: 404; search: empty")


def the_patient(scene: Scene) -> Shown:
    """Search and read as a patient, who has answers of its own and none of the other patient's."""
    found = scene.get("patient-1", "/ClaimResponse?_count=100").resources
    patients = {one["patient"]["reference"] for one in found}
    expect("the patients in what it sees", 1, len(patients))
    own, other = scene.answer("approve").id, scene.answer("approve-m002").id
    expect("which of the two first approvals it sees", {own}, {own, other} & {one["id"] for one in found})
    scene.get("patient-1", f"/ClaimResponse/{other}", status=404)
    return Shown("its own", "", f"{len(found)} answers, all about itself; the other patient's: 404")


def _expect_nothing(scene: Scene, client: str) -> None:
    scene.get(client, f"/ClaimResponse/{scene.answer('approve').id}", status=404)
    expect("what its search finds", [], scene.get(client, "/ClaimResponse?status=active").resources)
