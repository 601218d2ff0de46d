"""The condition on the attached documents."""

from __future__ import annotations

from typing import ClassVar, Literal

from app.codes import LOINC
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


class DocumentAttached(Data):
    """The condition that a document is attached. With codes, it must have one of these LOINC document types.

    A request without documents has none. A bill carries no documents: not known.
    """

    test: Literal["document-attached"]
    codes: Codes = frozenset()
    fact: ClassVar[str] = "documents"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"document {listed(self.codes)} attached" if self.codes else "a document attached"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the request has a matching document."""
        request = facts.request
        if request is None:
            return None
        if not self.codes:
            return request.has_documents
        return any(document.code in self.codes and document.system == LOINC for document in request.documents)
