"""Read `billing: replacements`: which claims a replacement may be about."""

from __future__ import annotations

from typing import Literal

from app.policy.yaml.model import Data


class Replacements(Data):
    """The payer's terms of replacements.

    `denied_original`: `deny` wants a new claim instead of the replacement of a claim that was denied as a whole.
    """

    denied_original: Literal["accept", "deny"] = "accept"
