"""The submissions as received: the exact text of each body, kept as evidence and never served as a whole."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from app.fhir.body import Checked
from app.fhir.json import stored
from app.ports import Document, Insert, Lookup

KIND = "submission"

Json = dict[str, Any]


class Submission(Struct, frozen=True):
    """The text of a submitted body, under the id of its ClaimResponse; an update has an id of its own."""

    id: str
    text: str


def submission_insert(submission: Submission) -> Insert:
    """Keep the submission."""
    return Insert(Document(KIND, submission.id, submission.text))


async def submission_text(documents: Lookup, id_: str) -> str | None:
    """Return the text of a submission; None if there is none, because the decision was imported."""
    document = await documents.get(KIND, id_)
    return None if document is None else document.body


def parsed(text: str) -> Checked:
    """Read the Bundle of a submission: it was checked before it was stored."""
    return Checked(_unwrapped(stored(text)))


def _unwrapped(body: Json) -> Json:
    """Return the Bundle, which may have come as the `resource` of Parameters."""
    carried = [part["resource"] for part in body.get("parameter", ()) if part["name"] == "resource"]
    return carried[0] if carried else body
