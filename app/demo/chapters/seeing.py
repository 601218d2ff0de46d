"""Chapter "Privacy": organizations and payers see nothing of each other; a patient sees only its own resources."""

from __future__ import annotations

from app.demo.chapters.requesting import SUBMIT
from app.demo.chapters.reviewing import INQUIRE
from app.demo.messages import inquiry, request_of
from app.demo.scene import Scene, expect
from app.demo.step import Shown

NOT_FOUND = "not found"

ORGANIZATION_B = ("1444444446", "1555555550")
ORGANIZATION_C = ("1888888884", "1888888884")
"""The NPIs of the organizations' requests: the requestor and the practitioner."""


def another_organization(scene: Scene) -> Shown:
    """Read, search and inquire as an organization that has submitted nothing."""
    _expect_nothing(scene, "ehr-b")
    parameters = scene.post("ehr-b", INQUIRE, inquiry(scene.today)).body.get("parameter", [])
    expect("the parameters of the answer to its inquiry", ["outcome"], [one["name"] for one in parameters])
    return Shown(NOT_FOUND, "", "read: 404; search: empty; inquiry: empty")


def two_organizations(scene: Scene) -> Shown:
    """Request as the other organization; the first one finds no trace of it."""
    _submit(scene, "ehr-b", "of-b", ORGANIZATION_B)
    scene.get("ehr-a", f"/ClaimResponse/{scene.answer('of-b').id}", status=404)
    _expect_seen(scene, "ehr-b", "of-b", but_not="approve")
    _expect_seen(scene, "ehr-a", "approve", but_not="of-b")
    answer = scene.answer("of-b")
    return Shown(answer.decision, answer.number, "EHR reads it: 404. Each finds its own requests only")


def clearinghouse(scene: Scene) -> Shown:
    """Request for one of two organizations, and find the requests of both."""
    _submit(scene, "house", "of-c", ORGANIZATION_C)
    _expect_seen(scene, "house", "of-c", but_not="of-b")
    _expect_seen(scene, "house", "approve", but_not="of-b")
    scene.get("ehr-a", f"/ClaimResponse/{scene.answer('of-c').id}", status=404)
    answer = scene.answer("of-c")
    return Shown(answer.decision, answer.number, "finds the requests of its two organizations, and of no other")


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


def _submit(scene: Scene, client: str, name: str, npis: tuple[str, str]) -> None:
    scene.remembered[name] = scene.post(client, SUBMIT, request_of(*npis, scene.today))
    expect("the review action", "A1", scene.answer(name).action)


def _expect_seen(scene: Scene, client: str, name: str, *, but_not: str) -> None:
    """Expect that a search of a client finds one answer, and not another."""
    found = {response["id"] for response in scene.get(client, "/ClaimResponse?_count=100").resources}
    pair = {scene.answer(name).id, scene.answer(but_not).id}
    expect(f"the answers that {client} finds", {scene.answer(name).id}, found & pair)
