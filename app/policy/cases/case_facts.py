"""The facts of a case, as a request for one item and as a bill of one line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.codes import CLAIM_TYPE, CPT, ICD_10_CM, LOINC, PLACE_OF_SERVICE, RXNORM, X12_SERVICE_TYPE
from app.domain.billing import BilledLine, BillingClaim
from app.domain.covered import CoverageTerms, Covered
from app.domain.datatypes import Coding, Identifier, Period
from app.domain.request import AuthorizationRequest, Member, Party, RequestedItem
from app.domain.service_line import ONE, Order
from app.policy.codes.code_sets import System
from app.policy.facts.earlier import EarlierService
from app.policy.yaml.model import Code, Data, Day, Number, Text


class EarlierFacts(Data):
    """A service that the payer has granted, or that is pending, in the days from `start` to `end`."""

    services: tuple[Code, ...]
    start: Day | None = None
    end: Day | None = None


class Facts(Data):
    """The facts of one service line. An omitted fact is missing. `start` and `end` are the days of service.

    `system` is the code system of `services`, `service-end`, `order` and the earlier services. `amount` is in US
    dollars. `order` are the codes of the order, whose type is `requested-service`. `update`: the request is an update
    of one in which the service is granted. `drugs` are those that the patient has had before.
    """

    system: System = CPT
    services: tuple[Code, ...] = ()
    service_end: Code | None = None
    service_types: tuple[Code, ...] = ()
    modifiers: tuple[Code, ...] = ()
    diagnoses: tuple[Code, ...] = ()
    quantity: Number | None = None
    amount: Number | None = None
    start: Day | None = None
    end: Day | None = None
    place: Code | None = None
    birth_date: Day | None = None
    sex: Text | None = None
    plans: tuple[Code, ...] = ()
    requestor: Code | None = None
    tax_id: Code | None = None
    providers: tuple[Code, ...] = ()
    documents: tuple[Code, ...] = ()
    drug_system: System = RXNORM
    drugs: tuple[Code, ...] = ()
    requested_service: Text | None = None
    order: tuple[Code, ...] = ()
    request_type: Code | None = None
    certification_type: Code | None = None
    urgency: Code | None = None
    update: bool = False
    earlier: tuple[EarlierFacts, ...] = ()

    def member(self) -> Covered:
        """Return the member, with one coverage in force on all days."""
        return Covered(self.birth_date, self.sex, (CoverageTerms(plans=self.plans),))

    def earlier_services(self) -> tuple[EarlierService, ...]:
        """Return the member's granted and pending services."""
        return tuple(
            EarlierService(_codings(self.system, each.services), None, Period(each.start, each.end))
            for each in self.earlier
        )

    def request(self, received: date) -> AuthorizationRequest:
        """Return a request for the service as its only item."""
        return AuthorizationRequest(
            identifier=_IDENTIFIER,
            claim_type=_CLAIM_TYPE,
            member=Member(member_id="1"),
            insurer=Party(),
            requestor=self._party(),
            created=received,
            items=(self._item(),),
            diagnoses=_codings(ICD_10_CM, self.diagnoses),
            urgency=self.urgency,
            documents=_codings(LOINC, self.documents),
            has_documents=bool(self.documents),
            drugs=_codings(self.drug_system, self.drugs),
        )

    def bill(self, day: date) -> tuple[BillingClaim, BilledLine]:
        """Return a bill for the service, with its only line. The day of service is `start`, or else `day`."""
        line = BilledLine(
            sequence=1,
            services=_codings(self.system, self.services),
            service_end=self._service_end(),
            modifiers=self.modifiers,
            quantity=self._quantity(),
            charge=self.amount,
            diagnoses=_codings(ICD_10_CM, self.diagnoses),
            place=self._place(),
            serviced=self._serviced() or Period(day, day),
            providers=self.providers,
        )
        claim = BillingClaim(_IDENTIFIER, _CLAIM_TYPE, Member("1"), Party(), self._party(), day, (line,))
        return claim, line

    def _item(self) -> RequestedItem:
        return RequestedItem(
            sequence=1,
            services=_codings(self.system, self.services),
            service_end=self._service_end(),
            service_types=_codings(X12_SERVICE_TYPE, self.service_types),
            modifiers=self.modifiers,
            quantity=self._quantity(),
            charge=self.amount,
            diagnoses=_codings(ICD_10_CM, self.diagnoses),
            place=self._place(),
            serviced=self._serviced(),
            request_type=self.request_type,
            certification_type=self.certification_type,
            order=Order(self.requested_service, _codings(self.system, self.order)) if self.requested_service else None,
            providers=self.providers,
        )

    def _service_end(self) -> Coding | None:
        return Coding(self.system, self.service_end) if self.service_end else None

    def _quantity(self) -> Decimal:
        return ONE if self.quantity is None else self.quantity

    def _place(self) -> Coding | None:
        return Coding(PLACE_OF_SERVICE, self.place) if self.place else None

    def _serviced(self) -> Period | None:
        return Period(self.start, self.end) if self.start or self.end else None

    def _party(self) -> Party:
        return Party(npi=self.requestor, tax_id=self.tax_id)


def _codings(system: str, codes: tuple[str, ...]) -> tuple[Coding, ...]:
    return tuple(Coding(system, code) for code in codes)


_IDENTIFIER = Identifier("urn:case", "1")
_CLAIM_TYPE = Coding(CLAIM_TYPE, "professional")
