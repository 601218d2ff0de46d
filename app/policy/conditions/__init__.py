"""The conditions of policy rules: a closed vocabulary, with one class for each condition.

`holds` returns True, False, or None for a fact that is not known. `fact` names the fact in a question to the provider.
May import: what `policy` may import.
Start with `service`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.policy.conditions.diagnosis import DiagnosisIn
from app.policy.conditions.documents import DocumentAttached
from app.policy.conditions.drugs import DrugsTried
from app.policy.conditions.gold_card import GoldCardHeld
from app.policy.conditions.history import ActiveAuthorization
from app.policy.conditions.member import AgeBetween, PlanIn, Sex
from app.policy.conditions.modifiers import ModifierIn
from app.policy.conditions.place import PlaceIn
from app.policy.conditions.providers import Network, ProviderIn
from app.policy.conditions.quantity import DaysAskedOver, LineAmountOver, QuantityOver
from app.policy.conditions.request import CertificationType, RequestedServiceIs, RequestType, TypeIs, UrgencyIs
from app.policy.conditions.service import ServiceIn, ServiceType
from app.policy.conditions.timing import ServiceStarts

Condition = Annotated[
    ServiceIn
    | ServiceType
    | ModifierIn
    | DiagnosisIn
    | QuantityOver
    | LineAmountOver
    | DaysAskedOver
    | PlaceIn
    | AgeBetween
    | Sex
    | PlanIn
    | ProviderIn
    | Network
    | GoldCardHeld
    | DocumentAttached
    | DrugsTried
    | RequestedServiceIs
    | UrgencyIs
    | RequestType
    | CertificationType
    | TypeIs
    | ServiceStarts
    | ActiveAuthorization,
    Field(discriminator="test"),
]
"""Any of the conditions. The value of `test` selects the class."""

NOT_ON_A_BILL = (
    ServiceType,
    DaysAskedOver,
    DocumentAttached,
    DrugsTried,
    RequestedServiceIs,
    UrgencyIs,
    RequestType,
    CertificationType,
    TypeIs,
    ServiceStarts,
    ActiveAuthorization,
)
"""The conditions on facts that a bill never gives."""
