"""The submissions as received: the exact text of each body, kept as evidence and never served."""

from __future__ import annotations

from msgspec import Struct

from app.ports import Document, Insert

KIND = "submission"


class Submission(Struct, frozen=True):
    """The text of a submitted body. `response` is the id of the ClaimResponse that answers it."""

    response: str
    text: str


def submission_insert(submission: Submission) -> Insert:
    """Keep the submission, under the id of its ClaimResponse."""
    return Insert(Document(KIND, submission.response, submission.text))
