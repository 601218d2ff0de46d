"""Read the statements of a requested item that no review looks at, and which its answer repeats."""

from __future__ import annotations

from collections.abc import Sequence

from app.codes import X12_PROVIDER_TYPE, pas
from app.domain.datatypes import Coding
from app.domain.parts.statements import Statements
from app.fhir.entries import ResourceElement
from app.fhir.extension import Extensions
from app.pas.parts.read_header import CareTeamMember
from app.pas.parts.read_types import CONCEPT, first_coding


def read_statements(
    extensions: Extensions, order: ResourceElement | None, team: Sequence[CareTeamMember]
) -> Statements:
    """Read the statements from the extensions of an item, its order and its care team."""
    epsdt, limit = extensions.first(_EPSDT), extensions.first(_RATE_LIMIT)
    return Statements(
        epsdt=None if epsdt is None else epsdt.flag("valueBoolean"),
        residential_status=_coded(extensions, _RESIDENTIAL_STATUS),
        level_of_care=_coded(extensions, _LEVEL_OF_CARE),
        rate_limit=None if limit is None else limit.decimal("valueDecimal"),
        order="" if order is None else order.full_url,
        provider_types={
            member.npi: member.role.code
            for member in team
            if member.role is not None and member.role.system == X12_PROVIDER_TYPE
        },
    )


def _coded(extensions: Extensions, url: str) -> Coding | None:
    return first_coding(extensions.first(url), CONCEPT)


_EPSDT = pas("extension-epsdtIndicator")
_RATE_LIMIT = pas("extension-revenueUnitRateLimit")
_RESIDENTIAL_STATUS = pas("extension-nursingHomeResidentialStatus")
_LEVEL_OF_CARE = pas("extension-nursingHomeLevelOfCare")
