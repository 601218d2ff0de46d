"""Read the `adjudication` section of reasons.yaml: the text and the codes for each amount that is not paid.

The codes are X12's claim adjustment group and reason codes (CARC) and remittance advice remark codes (RARC). X12 owns
their official texts, so those are not shipped. https://x12.org/codes
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator

from app.codes import carc_like, rarc_like
from app.domain.adjustment_key import AdjustmentKey, NextAction
from app.domain.billing import AdjudicationReason
from app.domain.parts.group_codes import (
    ALERTS,
    CLINICAL_CARCS,
    DEACTIVATED_CARCS,
    DEACTIVATED_RARCS,
    FEE_REDUCTION,
    NEEDS_REMARK,
    ONLY_GROUP,
    lawful_group,
)
from app.policy.yaml.model import Code, Data, Slug, Text, read_model
from app.policy.yaml.text import Place, YamlRefused, read_yaml


def _carc(code: str) -> str:
    if not carc_like(code):
        raise ValueError('must be a CARC: up to three digits, or a letter and up to two digits, such as "197"')
    if code in DEACTIVATED_CARCS:
        raise ValueError(f"must not be CARC {code}, which is deactivated")
    return code


def _rarc(code: str) -> str:
    if not rarc_like(code):
        raise ValueError('must be RARCs: M, MA or N and a number, such as "N54"')
    if code in DEACTIVATED_RARCS:
        raise ValueError(f"must not have RARC {code}, which is deactivated")
    return code


Carc = Annotated[Code, AfterValidator(_carc)]
"""A CARC that is in force."""


class _Row(Data):
    group: Literal["CO", "OA", "PI", "PR"]
    carc: Carc
    remarks: tuple[Annotated[Code, AfterValidator(_rarc)], ...]
    text: Text
    action: NextAction
    next_step: Text

    @field_validator("carc")
    @classmethod
    def _of_its_group(cls, carc: str, info: ValidationInfo) -> str:
        if carc in CLINICAL_CARCS:
            raise ValueError(f"must not be CARC {carc}: a bill gets no clinical review, and an approval binds")
        if carc == FEE_REDUCTION:
            raise ValueError(f"must not be CARC {carc}, which never takes the whole charge")
        group = info.data.get("group")
        if group is not None and lawful_group(carc, group) != group:
            raise ValueError(f"must not be CARC {carc} unless `group` is {ONLY_GROUP[carc]}")
        return carc

    @field_validator("remarks")
    @classmethod
    def _explained(cls, remarks: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(set(remarks)) < len(remarks):
            raise ValueError("must not list a RARC twice")
        if info.data.get("carc") in NEEDS_REMARK and ALERTS.issuperset(remarks):
            raise ValueError(f"must have a RARC that is not an alert, because CARC {info.data['carc']} needs one")
        return remarks


class _File(Data):
    """The file reasons.yaml. `review_reasons` reads the other section."""

    adjudication: dict[Slug, _Row] = {}  # noqa: RUF012 - pydantic copies a default
    review: Any = None


def parse_adjudication_reasons(
    text: str, source: str, shipped: Mapping[str, AdjudicationReason] | None = None
) -> Mapping[str, AdjudicationReason]:
    """Return the adjudication reasons by key, one for each `AdjustmentKey`.

    A row that the text does not give is the `shipped` one.
    Raises YamlRefused with the file and line of every problem: missing or unknown rows and keys, and codes that are
    deactivated, in the wrong group or without a required RARC.
    """
    yaml = read_yaml(text, source)
    rows = read_model(yaml, _File).adjudication
    own = {
        key: AdjudicationReason(key, row.group, row.carc, row.remarks, row.text, row.next_step, row.action)
        for key, row in rows.items()
    }
    reasons = {**(shipped or {}), **own}
    problems = [yaml.refusal(place, sentence) for place, sentence in _missing_or_unknown(reasons)]
    if problems:
        raise YamlRefused(problems)
    return reasons


def _missing_or_unknown(reasons: Mapping[str, AdjudicationReason]) -> Iterator[tuple[Place, str]]:
    for key in AdjustmentKey:
        if key not in reasons:
            yield ("adjudication",), f"the row `{key}` is required."
    for key_given in reasons:
        if key_given not in set(AdjustmentKey):
            yield ("adjudication", key_given), f"`{key_given}` is an unknown adjudication reason."
