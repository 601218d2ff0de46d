"""Read until when after a denial the payer offers a talk between clinicians."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

from app.policy.conditions.timing import days_of
from app.policy.yaml.model import Data, Text


class PeerToPeer(Data):
    """The most days between the denial and the request for a talk, and the reference in the payer's documents."""

    reference: Text
    within: Annotated[timedelta, BeforeValidator(days_of)]
