"""Ask for documents: the item stays pended, and its answer names what a reviewer still needs."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.authorization import AuthorizedItem
from app.domain.parts.reviewer import Reviewer
from app.domain.parts.ruling import ItemRuling
from app.domain.review.attachment_request import named_document
from app.domain.review.not_decidable import NotDecidable

MOST_DOCUMENTS = 20
"""The most documents that an item asks for at a time."""


def asking(item: AuthorizedItem, ruling: ItemRuling, by: Reviewer | None) -> AuthorizedItem:
    """Return a pended item that asks for more documents. Raises NotDecidable.

    The day of receipt and the due time stay, and so does a draft of the decision. The item then
    names who asks, `by`: no rule decides it any longer.
    """
    if not ruling.is_as_requested or ruling.has_terms or ruling.reasons:
        text = (
            "ask must have no quantity, no code, no days, no circumstance, no cap, no network-exception and no reason."
        )
        raise NotDecidable(ruling.number, text)
    if not ruling.ask_for:
        raise NotDecidable(ruling.number, "ask must have at least one `ask-for`.")
    before = tuple(map(named_document, item.decision.ask_for))
    open_types = {document.type for document in before}
    new = {document.type: document for document in ruling.ask_for if document.type not in open_types}
    if not new:
        text = f"Item {ruling.number} asks for these documents already. A ruling must ask for another one."
        raise NotDecidable(ruling.number, text)
    if len(before) + len(new) > MOST_DOCUMENTS:
        raise NotDecidable(ruling.number, f"An item must not ask for more than {MOST_DOCUMENTS} documents.")
    note = item.decision.note if ruling.note is None else ruling.note
    return replace(item, decision=replace(item.decision, ask_for=(*before, *new.values()), note=note, by=by))
