"""The submissions as received: the exact text of each body, kept as evidence and never served."""

from __future__ import annotations

from msgspec import Struct

from app.ports import Document, Insert

KIND = "submission"


class Submission(Struct, frozen=True):
    """The text of a submitted body, under the id of its ClaimResponse; an update has an id of its own."""

    id: str
    text: str


def submission_insert(submission: Submission) -> Insert:
    """Keep the submission."""
    return Insert(Document(KIND, submission.id, submission.text))
