"""Conditions on the providers of a line."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from app.policy.codes.possible import Npis
from app.policy.conditions.words import listed
from app.policy.facts.line_facts import LineFacts
from app.policy.yaml.model import Codes, Data


class ProviderIn(Data):
    """The condition that the requestor, the biller or a performing provider has one of these NPIs, such as a gold card.

    Without any NPI, it is not known.
    """

    test: Literal["provider-in"]
    npis: Npis
    fact: ClassVar[str] = "NPI of the provider"

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        return f"provider NPI {listed(self.npis)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether a provider of the line is listed."""
        return not self.npis.isdisjoint(facts.npis) if facts.npis else None


class Network(Data):
    """The condition that who performs the service is `in` or `out` of a network, given by its NPIs and tax IDs.

    The performing providers count, or else the requestor or the biller. All of them must be listed, or their
    organization by its tax ID. A requestor's tax ID counts only if it performs the service itself.
    """

    test: Literal["network"]
    is_: Literal["in", "out"]
    npis: Npis = frozenset()
    tax_ids: Codes = frozenset()
    fact: ClassVar[str] = "NPI or tax ID of the performing provider"

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.npis and not self.tax_ids:
            raise ValueError("must have `npis` or `tax-ids`")
        return self

    @property
    def words(self) -> str:
        """The condition in words, for a list of the rules."""
        place = "in the" if self.is_ == "in" else "outside the"
        return f"performing provider {place} network {listed(self.npis | self.tax_ids)}"

    def holds(self, facts: LineFacts) -> bool | None:
        """Return whether the performing providers are in or out of the network."""
        if not facts.performers and not facts.tax_ids:
            return None
        tax_ids = {tax_id.replace("-", "") for tax_id in facts.tax_ids}
        listed = not tax_ids.isdisjoint(tax_id.replace("-", "") for tax_id in self.tax_ids)
        inside = listed or (bool(facts.performers) and facts.performers <= self.npis)
        return inside is (self.is_ == "in")
