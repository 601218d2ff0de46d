"""The days on which an entry of a policy is in force."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from app.policy.yaml.model import Data, Day


class InForce(Data):
    """The days from `from` to `until`, both included. Without `until`, the entry stays in force."""

    from_: Day
    until: Day = date.max

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until < self.from_:
            raise ValueError("must have `until` on or after `from`")
        return self
