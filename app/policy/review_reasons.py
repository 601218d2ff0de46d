"""Why a payer grants less, asks or denies: the `review` section of reasons.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.domain.authorization import Reason
from app.policy.yaml.model import Code, Data, Slug, Text, read_model
from app.policy.yaml.text import read_yaml


class ReviewReason(Struct, frozen=True):
    """A reason, and whether it is administrative: one that needs no clinician to be decided."""

    reason: Reason
    administrative: bool


class _Row(Data):
    code: Code | None
    text: Text
    administrative: bool


class _File(Data):
    review: dict[Slug, _Row]
    # The other section is read by those who adjudicate bills.
    adjudication: Any = None


def parse_review_reasons(text: str, source: str) -> Mapping[str, ReviewReason]:
    """Return the review reasons by their keys. Raises YamlRefused with file and line of all that is wrong."""
    rows = read_model(read_yaml(text, source), _File).review
    return {key: ReviewReason(Reason(key, row.code, row.text), row.administrative) for key, row in rows.items()}
