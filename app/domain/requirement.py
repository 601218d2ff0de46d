"""Whether a billed line needs an authorization under the payer's rules."""

from __future__ import annotations

from enum import StrEnum


class Requirement(StrEnum):
    """The payer's rules on a billed service: paid without a number, paid with one, or not covered by the plan."""

    NOT_REQUIRED = "not-required"
    REQUIRED = "required"
    EXCLUDED = "excluded"
