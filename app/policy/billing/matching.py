"""Read `billing: matching`: how a bill compares with an authorization, by service, and the tolerances."""

from __future__ import annotations

from typing import Literal

from app.domain.parts.matching_terms import MatchingTerms, Modes, ServiceModes
from app.policy.billing.code_ranges import code_ranges
from app.policy.billing.tolerances import Tolerance
from app.policy.codes.code_sets import CodeSet
from app.policy.yaml.model import Data

Diagnosis = Literal["strict", "category", "any", "ignore"]
Provider = Literal["exact", "group", "taxonomy"]


class OfService(CodeSet):
    """The comparison of the services in a set of codes. A key that is absent is as for all services."""

    diagnosis: Diagnosis | None = None
    provider: Provider | None = None
    laterality: bool | None = None


class Matching(Data):
    """How a bill compares with an authorization: for all services, for some, and the differences that count as none.

    The first entry of `services` with a code of the authorized service counts.
    """

    diagnosis: Diagnosis = "ignore"
    provider: Provider = "exact"
    laterality: bool = False
    services: tuple[OfService, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()

    @property
    def terms(self) -> MatchingTerms:
        """The terms, as a line is compared by them."""
        return MatchingTerms(
            modes=Modes(self.diagnosis, self.provider, self.laterality),
            services=tuple(map(self._of_service, self.services)),
            tolerances=tuple(tolerance.terms for tolerance in self.tolerances),
        )

    def _of_service(self, entry: OfService) -> ServiceModes:
        modes = Modes(
            entry.diagnosis or self.diagnosis,
            entry.provider or self.provider,
            self.laterality if entry.laterality is None else entry.laterality,
        )
        return ServiceModes(code_ranges(entry), modes)
