"""Write the Claim that the server stores: as submitted, with an id and References of this server."""

from __future__ import annotations

from typing import Any, Protocol

from app.codes import URI
from app.fhir.bundle import BundleIndex, Entry, absolute
from app.fhir.references import local_references
from app.pas.face import Face, Reference
from app.pas.parts.write_types import Json

_KEPT_META = ("profile", "_profile", "security", "tag")
_NESTED = (dict, list)


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
    claim = _Rewriting(submitted, known).of(submitted.claim.resource)
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
        _drop_unused_contained(claim)
    return claim


def _drop_unused_contained(claim: Json) -> None:
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


class _Rewriting:
    """Replaces the References in a Claim by those of this server."""

    __slots__ = ("_index", "_known", "_source")

    def __init__(self, submitted: Submitted, known: dict[str, Reference]) -> None:
        self._index = submitted.index
        self._source = submitted.claim
        self._known = known

    def of(self, claim: Json) -> Json:
        """Return a copy of the Claim with its references replaced."""
        return {name: self._within(value) if type(value) in _NESTED else value for name, value in claim.items()}

    def _within(self, value: Any) -> Any:
        if type(value) is list:
            return [self._within(inner) if type(inner) in _NESTED else inner for inner in value]
        reference = value.get("reference")
        if type(reference) is str:
            return self._reference(reference, value)
        rewritten = value.copy()
        for name, inner in value.items():
            if type(inner) in _NESTED:
                rewritten[name] = self._within(inner)
        return rewritten

    def _reference(self, reference: str, sent: Reference) -> Reference:
        if reference.startswith("#"):
            return sent
        url = absolute(reference, self._source) or reference
        known = self._known.get(url)
        if known is not None:
            return known
        named = _named(self._identified(reference), url)
        if len(sent) > 1:
            named.update({name: value for name, value in sent.items() if name != "reference"})
        return named

    def _identified(self, reference: str) -> Entry | None:
        """Return the resource that a reference leads to, or the practitioner of a role without identifiers."""
        entry = self._index.resolve(reference, self._source)
        if entry is None or "identifier" in entry.resource or entry.type != "PractitionerRole":
            return entry
        practitioner = entry.resource.get("practitioner", {}).get("reference")
        return entry if practitioner is None else self._index.resolve(practitioner, entry) or entry


def _named(target: Entry | None, url: str) -> Reference:
    """Return a logical Reference: the identifier of a resource, else the URL under which it was sent."""
    named: Reference = {}
    fields = {} if target is None else target.resource
    if target is not None and (type_ := target.type):
        named["type"] = type_
    own = fields.get("identifier")
    for identifier in own if type(own) is list else [own]:
        if type(identifier) is dict and identifier.get("value"):
            named["identifier"] = identifier
            break
    else:
        named["identifier"] = {"system": URI, "value": url}
    if type(name := fields.get("name")) is str:
        named["display"] = name
    return named
