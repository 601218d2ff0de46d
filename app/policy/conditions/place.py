"""The condition on the place of service."""

from __future__ import annotations

from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator

from app.codes import PLACE_OF_SERVICE, canonical
from app.policy.codes.possible import possible_codes
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


class PlaceIn(Data):
    """The condition that the line has one of these CMS place of service codes. A line without one is not known."""

    test: Literal["place-in"]
    codes: Annotated[Codes, AfterValidator(partial(possible_codes, PLACE_OF_SERVICE))]
    fact: ClassVar[str] = "place of service"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"place of service {listed(self.codes)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the line's place is listed."""
        place = facts.line.place
        if place is None or canonical(place.system) != PLACE_OF_SERVICE:
            return None
        return place.code in self.codes
