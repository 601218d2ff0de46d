"""The condition on the diagnoses of a line."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, ValidationInfo, field_validator, model_validator

from app.codes import ICD_10_CM, canonical
from app.domain.datatypes import Coding
from app.policy.codes.code_sets import System
from app.policy.codes.possible import possible_codes
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


def _undotted(code: str) -> str:
    return code.replace(".", "").upper()


class Diagnoses(Data):
    """Diagnoses, by their codes or categories.

    A category includes every code that begins with it: "M54" includes M54.50. Codes are compared without the dot. The
    default system is ICD-10-CM.
    """

    system: Annotated[System, AfterValidator(canonical)] = ICD_10_CM
    codes: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()
    categories: Annotated[Codes, AfterValidator(lambda codes: frozenset(map(_undotted, codes)))] = frozenset()

    @field_validator("codes")
    @classmethod
    def _possible(cls, codes: frozenset[str], info: ValidationInfo) -> frozenset[str]:
        return possible_codes(info.data.get("system", ""), codes)

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.codes and not self.categories:
            raise ValueError("must have `codes` or `categories`")
        return self

    def includes(self, diagnosis: Coding) -> bool:
        """Return whether a diagnosis is listed or in a category."""
        code = _undotted(diagnosis.code)
        listed = code in self.codes or code.startswith(tuple(self.categories))
        return listed and canonical(diagnosis.system) == self.system


class DiagnosisIn(Diagnoses):
    """The condition that one of the line's diagnoses is listed. Without a diagnosis in the system, it is not known."""

    test: Literal["diagnosis-in"]
    fact: ClassVar[str] = "diagnosis"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"diagnosis {listed(self.codes | {f'{category}*' for category in self.categories})}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether at least one diagnosis of the line is listed or in a category."""
        diagnoses = [each for each in facts.line.diagnoses if canonical(each.system) == self.system]
        return any(map(self.includes, diagnoses)) if diagnoses else None
