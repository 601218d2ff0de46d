"""The References of a ClaimResponse: the client's in the answer to a request, this server's in the stored resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field, structs

from app.codes import ABSENT, IDENTIFIER_TYPE, MEMBER_NUMBER, NPI, URI
from app.domain.authorization import UNKNOWN_PAYER, Authorization
from app.domain.request import Member, Party
from app.pas.parts.write_types import concept, extension, identifier

Reference = dict[str, Any]


class Face(Struct, frozen=True):
    """FHIR References to the parties of a request.

    `providers` has practitioners and organizations by NPI. `orders` are the URLs of the orders that the reader has.
    `stored`: the References are those of the stored resource. It has our own extensions, too, and contains what an
    answer adds as entries of its Bundle.
    """

    patient: Reference
    insurer: Reference
    requestor: Reference
    request: Reference
    coverage: Reference | None = None
    providers: Mapping[str, Reference] = field(default_factory=dict)
    orders: frozenset[str] = frozenset()
    stored: bool = False


def server_face(authorization: Authorization) -> Face:
    """Return References to resources of this server.

    A party without a resource here (the requestor, a patient who is not a member) gets a Reference by identifier.
    """
    patient: Reference = {"reference": f"Patient/{authorization.patient}"}
    return Face(
        patient=patient if authorization.patient else member_reference(authorization.member),
        insurer=payer_reference(authorization.payer),
        requestor=party_reference(authorization.requestor),
        request=claim_reference(authorization),
        coverage={"reference": f"Coverage/{authorization.coverage}"} if authorization.coverage else None,
        providers={npi: npi_reference(npi) for npi in authorization.performers},
        stored=True,
    )


def identifying_face(authorization: Authorization, insurer: Party) -> Face:
    """Return References by identifier, for a reader who has neither sent a Bundle nor may read the member's record."""
    return structs.replace(
        server_face(authorization),
        patient=member_reference(authorization.member),
        insurer=party_reference(insurer),
        coverage=None,
        stored=False,
    )


def claim_reference(authorization: Authorization, base: str = "") -> Reference:
    """Refer to the Claim of a request below `base`, which ends with a slash; without a Claim, say that it is absent."""
    if not authorization.has_claim:
        return {"extension": [extension(ABSENT, valueCode="not-applicable")]}
    return {"reference": f"{base}Claim/{authorization.claim}"}


def order_reference(face: Face, type_: str, url: str) -> Reference:
    """Refer to an order: by its URL if the reader has it, else by the URL as its identifier."""
    if url in face.orders:
        return {"reference": url}
    return {"type": type_, "identifier": {"system": URI, "value": url}}


def payer_reference(payer: str) -> Reference:
    """Refer to a payer of this server. An unknown payer has no resource, so the Reference only has a display."""
    if payer == UNKNOWN_PAYER:
        return {"type": "Organization", "display": "An insurer that this server does not answer for"}
    return {"reference": f"Organization/{payer}"}


def member_reference(member: Member) -> Reference:
    """Refer to a patient by member id."""
    if not member.member_id:
        return {"type": "Patient", "display": "A patient without a member id"}
    return {"type": "Patient", "identifier": {"type": _MEMBER_NUMBER, "value": member.member_id}}


def party_reference(party: Party) -> Reference:
    """Refer to an organization or a practitioner by identifier and name."""
    reference: Reference = {}
    if party.npi:
        reference = npi_reference(party.npi)
    elif party.identifiers:
        reference["identifier"] = identifier(party.identifiers[0])
    if party.name or not reference:
        reference["display"] = party.name or "A provider without an identifier"
    return reference


def npi_reference(npi: str) -> Reference:
    """Refer to a provider by NPI."""
    return {"identifier": {"system": NPI, "value": npi}}


_MEMBER_NUMBER = concept(IDENTIFIER_TYPE, MEMBER_NUMBER)
