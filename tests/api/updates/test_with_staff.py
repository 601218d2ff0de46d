"""An item that a person of the payer has looked at stays with the staff, also if an update brings the documents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.asking.test_review_again import INJECTION, REPORT
from tests.api.reading import actions
from tests.api.reviewing import decide, ruling
from tests.api.updating import sent, submitted, update_of
from tests.support.samples import Json, entry, supporting_document
from tests.support.server import Server

NOTE: Json = {
    "resourceType": "DocumentReference",
    "status": "current",
    "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
    "subject": {"reference": "Patient/patient-1"},
    "content": [{"attachment": {"contentType": "text/plain", "data": "bm90ZQ=="}}],
}
DRAFT = {"name": "draft", "valueBoolean": True}


def with_note(first: Json) -> Json:
    """Build an update that only adds the progress note."""
    documents: Any = {"entries": [entry("DocumentReference/note-1", NOTE)]}
    information = {"supportingInfo": [supporting_document("DocumentReference/note-1")]}
    return update_of(first, [INJECTION], claim=information, **documents)


async def test_an_update_with_the_documents_is_certified_by_the_rules(server: Server) -> None:
    first = sent([INJECTION])
    assert actions(await submitted(server, first)) == {1: "A4"}
    assert actions(await submitted(server, with_note(first))) == {1: "A1"}


@pytest.mark.parametrize(
    "decision",
    [
        (ruling(1, "deny", reason="not-covered"), DRAFT),
        (ruling(1), DRAFT),
        (ruling(1, "ask", **{"ask-for": REPORT}),),
    ],
    ids=["proposed denial", "proposed approval", "request for documents"],
)
async def test_a_person_who_has_the_item_decides_it_after_an_update(server: Server, decision: tuple[Json, ...]) -> None:
    first = sent([INJECTION])
    response = (await submitted(server, first))["id"]
    assert (await decide(server, response, *decision)).status_code == 200
    second = update_of(first, [INJECTION])
    assert actions(await submitted(server, second)) == {1: "A4"}
    assert actions(await submitted(server, with_note(second))) == {1: "A4"}
    decided = await decide(server, response, ruling())
    assert (decided.status_code, actions(decided.json())) == (200, {1: "A1"})
