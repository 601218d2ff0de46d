"""Read the `review` section of reasons.yaml: why a payer grants less, pends or denies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from app.domain.decision import Reason
from app.domain.review.review_reason import ReasonKey, ReasonKind, ReviewReason
from app.policy.adjustment_reasons import Carc
from app.policy.yaml.model import Code, Data, NotEmpty, Slug, Text, read_model
from app.policy.yaml.text import Place, YamlRefused, read_yaml


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class _Row(Data):
    kind: Annotated[frozenset[ReasonKind], NotEmpty, BeforeValidator(_listed)]
    code: Code | None
    carc: Carc | None = None
    text: Text
    administrative: bool


class _File(Data):
    review: dict[Slug, _Row] = {}  # noqa: RUF012 - pydantic copies a default
    # `adjustment_reasons` reads this section.
    adjudication: Any = None


def parse_review_reasons(
    text: str, source: str, shipped: Mapping[str, ReviewReason] | None = None
) -> Mapping[str, ReviewReason]:
    """Return the review reasons by key: those of the text, and the `shipped` ones that it does not change.

    Raises YamlRefused with the file and line of every problem. Each `ReasonKey` must have a row of its kind,
    and the reasons of unattended denials must be administrative.
    """
    yaml = read_yaml(text, source)
    rows = read_model(yaml, _File).review
    own = {
        key: ReviewReason(Reason(key, row.code, row.text, row.carc), row.administrative, row.kind)
        for key, row in rows.items()
    }
    reasons = {**(shipped or {}), **own}
    problems = [yaml.refusal(place, sentence) for place, sentence in _unusable(reasons)]
    if problems:
        raise YamlRefused(problems)
    return reasons


def _unusable(reasons: Mapping[str, ReviewReason]) -> Iterator[tuple[Place, str]]:
    for key in ReasonKey:
        if key not in reasons:
            yield ("review",), f"the row `{key}` is required."
        elif key.kind not in reasons[key].kinds:
            yield ("review", key, "kind"), f"`kind` must include {key.kind}, because reviews use {key} for that."
        elif key.unattended and not reasons[key].administrative:
            sentence = f"`administrative` must be true, because the server denies with {key} without a clinician."
            yield ("review", key, "administrative"), sentence
