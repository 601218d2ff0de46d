"""Give a decision that authorizes nothing or only a part its criterion and the right to appeal."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.authorization import Authorization, AuthorizedItem
from app.domain.decision import ItemDecision, ReviewAction
from app.domain.notice import AppealTerms, Criterion
from app.domain.update.settled import settled

_APPEALABLE = frozenset({ReviewAction.NOT_CERTIFIED, ReviewAction.MODIFIED})


def with_recourse(decision: ItemDecision, criterion: Criterion | None, terms: AppealTerms | None) -> ItemDecision:
    """Add the criterion to a decision, and the appeal right if the decision denies the item or a part of it."""
    appealable = terms is not None and decision.action in _APPEALABLE
    right = terms.right(decision.decided) if terms is not None and appealable else None
    return replace(decision, criterion=criterion, appeal=right)


def ruled_with_recourse(before: Authorization, after: Authorization, terms: AppealTerms | None) -> Authorization:
    """Add the recourse to the items that a reviewer ruled on. Their criterion is that of the rule that pended them."""

    def completed(old: AuthorizedItem, new: AuthorizedItem) -> AuthorizedItem:
        if new.decision is old.decision:
            return new
        return settled(
            replace(old, proposal=None), new.requested, with_recourse(new.decision, old.decision.criterion, terms)
        )

    return replace(after, items=tuple(map(completed, before.items, after.items)))
