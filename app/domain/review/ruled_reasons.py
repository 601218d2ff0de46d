"""The reasons of a reviewer's ruling: of the kind that explains the decision, the main one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.decision import Reason
from app.domain.parts.ruling import ItemRuling
from app.domain.review.not_decidable import NotDecidable
from app.domain.review.review_reason import ReasonKey, ReasonKind, ReviewReason, keys_of
from app.domain.review.shortfall import Shortfall

Reasons = Mapping[str, ReviewReason]


def reasons_for_denial(ruling: ItemRuling, reasons: Reasons) -> list[Reason]:
    """Return the reasons of a denial. Raises NotDecidable without one."""
    return _reasons(ruling, ruling.reasons or (None,), reasons, ReasonKind.DENY)


def reasons_for_less(ruling: ItemRuling, lacking: frozenset[Shortfall], reasons: Reasons) -> list[Reason]:
    """Return the reasons of a grant of less than requested; none if nothing is lacking. Raises NotDecidable."""
    if lacking:
        usual = ReasonKey.LESS_TIME if lacking == {Shortfall.TIME} else ReasonKey.APPROVED_LESS
        return _reasons(ruling, ruling.reasons or (usual,), reasons, ReasonKind.LESS)
    if ruling.reasons:
        text = "The ruling grants the whole request, so it must have no `reason`."
        raise NotDecidable(ruling.number, text)
    return []


def _reasons(ruling: ItemRuling, keys: Sequence[str | None], reasons: Reasons, kind: ReasonKind) -> list[Reason]:
    return [_reason(ruling, key, reasons, kind) for key in dict.fromkeys(keys)]


def _reason(ruling: ItemRuling, key: str | None, reasons: Reasons, kind: ReasonKind) -> Reason:
    row = reasons.get(key or "")
    if row is None or kind not in row.kinds:
        unknown = ", not an unknown one" if key else ""
        found = unknown if row is None else f", not {row.reason.key}"
        text = f"{ruling.action} must have a reason of kind {kind}{found}: one of {keys_of(kind, reasons)}."
        raise NotDecidable(ruling.number, text)
    return row.reason
