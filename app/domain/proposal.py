"""A person's decision on a pended item that does not count yet."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from app.domain.decision import ItemDecision
from app.domain.parts.ruling import ItemRuling


class Stage(StrEnum):
    """The stage of a decision that does not count yet: a draft, without a second signature, or before its release."""

    DRAFT = "draft"
    SIGNATURE = "signature"
    RELEASE = "release"


class Proposal(Struct, frozen=True, omit_defaults=True):
    """A person's decision that does not count yet: for everybody but the payer's staff, the item is pended.

    `ruling`: how the person decided. `release`: the time from which the decision counts; None before the stage RELEASE.
    """

    stage: Stage
    ruling: ItemRuling
    decision: ItemDecision
    release: datetime | None = None
