"""Read the `review` section of reasons.yaml: why a payer grants less, pends or denies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app.domain.authorization import Reason
from app.policy.yaml.model import Code, Data, Slug, Text, read_model
from app.policy.yaml.text import read_yaml


class ReviewReason(Struct, frozen=True):
    """A reason, and whether it is administrative. An administrative reason needs no clinician."""

    reason: Reason
    administrative: bool


class _Row(Data):
    code: Code | None
    text: Text
    administrative: bool


class _File(Data):
    review: dict[Slug, _Row]
    # `adjustment_reasons` reads this section.
    adjudication: Any = None


def parse_review_reasons(text: str, source: str) -> Mapping[str, ReviewReason]:
    """Return the review reasons by key. Raises YamlRefused with the file and line of every problem."""
    rows = read_model(read_yaml(text, source), _File).review
    return {key: ReviewReason(Reason(key, row.code, row.text), row.administrative) for key, row in rows.items()}
