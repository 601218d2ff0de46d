"""The payer's terms of documents that come after the request."""

from __future__ import annotations

from typing import Literal

from app.policy.yaml.model import Data


class DocumentTerms(Data):
    """The next step for an item with all its documents: a reviewer, or the rules again.

    The rules then certify the item or leave it to a reviewer. They deny nothing without a person.
    """

    complete: Literal["reviewer", "rules"] = "reviewer"
