"""An entry about the days of service from one day until another, with its reference in the payer's documents."""

from __future__ import annotations

from app.policy.yaml.days import InForce
from app.policy.yaml.model import Text


class Dated(InForce):
    """The reference of an entry, beside the days of service on which it is in force."""

    reference: Text
