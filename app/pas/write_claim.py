"""Write the Claim that the server stores: as submitted, with an id and References of this server."""

from __future__ import annotations

from typing import Protocol

from app.fhir.bundle import BundleIndex, Entry
from app.fhir.references import local_references
from app.pas.face import Face, Reference
from app.pas.parts.write_types import Json
from app.pas.rewriting import Rewriting

_KEPT_META = ("profile", "_profile", "security", "tag")


class Submitted(Protocol):
    """A request or a billing claim, as read."""

    @property
    def claim(self) -> Entry:
        """The Claim."""
        ...

    @property
    def index(self) -> BundleIndex:
        """The index of the Claim's Bundle; empty for a Claim that was sent without a Bundle."""
        ...

    @property
    def face(self) -> Face:
        """The client's References."""
        ...


def write_claim(submitted: Submitted, claim_id: str, face: Face) -> Json:
    """Write the Claim with that id. `face` has this server's References to the patient, the insurer and the coverage.

    Every other Reference gets the identifier and the name of its resource in place of the URL.
    """
    client_face, server_references = submitted.face, (face.patient, face.insurer, face.coverage)
    client_references = client_face.patient, client_face.insurer, client_face.coverage
    known = {
        client["reference"]: server
        for client, server in zip(client_references, server_references, strict=True)
        if client is not None and server is not None and "reference" in client
    }
    claim = Rewriting(submitted.index, submitted.claim, known).of(submitted.claim.resource)
    claim["id"] = claim_id
    # The client may have sent only an identifier of a resource of this server.
    claim["patient"] = {**claim["patient"], **face.patient}
    claim["insurer"] = {**claim["insurer"], **face.insurer}
    if face.coverage is not None:
        claim["insurance"] = [_covered(insurance, face.coverage) for insurance in claim["insurance"]]
    sent = claim.pop("meta", {})
    meta = {name: sent[name] for name in _KEPT_META if name in sent}
    if meta:
        claim["meta"] = meta
    if "contained" in claim:
        drop_unused_contained(claim)
    return claim


def drop_unused_contained(claim: Json) -> None:
    """Drop the contained resources that lost their last reference.

    For example, the Claim now refers to the member, so the contained Patient with the submitted demographics goes.
    """
    contained = claim.pop("contained")
    links = {f"#{resource.get('id')}": local_references(resource) for resource in contained}
    used = local_references(claim).union(own for own, others in links.items() if "#" in others)
    unread = list(used)
    for reference in unread:
        further = links.get(reference, set()) - used
        used |= further
        unread += further
    kept = [resource for resource in contained if f"#{resource.get('id')}" in used]
    if kept:
        claim["contained"] = kept


def _covered(insurance: Json, coverage: Reference) -> Json:
    if insurance.get("focal") is not True:
        return insurance
    return {**insurance, "coverage": {**insurance["coverage"], **coverage}}
