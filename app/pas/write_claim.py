"""The Claim that is kept and served: as submitted, under this server's id, referring to nothing that is not here."""

from __future__ import annotations

from typing import Any, Protocol

from app.codes import URI
from app.fhir.bundle import Entries, Entry, based, restful_base
from app.pas.face import Face, Reference
from app.pas.parts.write_types import Json

_KEPT_META = ("profile", "security", "tag")
_NESTED = (dict, list)


class Submitted(Protocol):
    """A Claim as it came: a request or a bill."""

    @property
    def claim(self) -> dict[str, Any]:
        """The Claim's JSON."""
        ...

    @property
    def claim_full_url(self) -> str:
        """The URL it is known by in its Bundle; empty without one."""
        ...

    @property
    def entries(self) -> Entries:
        """The resources that came with it."""
        ...

    @property
    def face(self) -> Face:
        """The sender's references."""
        ...


def write_claim(submitted: Submitted, claim_id: str, face: Face) -> Json:
    """Write the Claim with that id. `face` are this server's references to the patient, the insurer and the coverage.

    Every other reference becomes a logical one: the identifier and the name of what it referred to.
    """
    theirs, ours = submitted.face, (face.patient, face.insurer, face.coverage)
    known = {
        client["reference"]: server
        for client, server in zip((theirs.patient, theirs.insurer, theirs.coverage), ours, strict=True)
        if client is not None and server is not None and "reference" in client
    }
    claim = _Rewriting(submitted, known).of(submitted.claim)
    claim["id"] = claim_id
    # Also where the sender only named who is kept here.
    claim["patient"] = {**claim["patient"], **face.patient}
    claim["insurer"] = {**claim["insurer"], **face.insurer}
    if face.coverage is not None:
        claim["insurance"] = [_covered(insurance, face.coverage) for insurance in claim["insurance"]]
    sent = claim.pop("meta", None)
    meta = {name: sent[name] for name in _KEPT_META if name in sent} if isinstance(sent, dict) else {}
    return {**claim, "meta": meta} if meta else claim


def _covered(insurance: Json, coverage: Reference) -> Json:
    if insurance.get("focal") is not True:
        return insurance
    return {**insurance, "coverage": {**insurance["coverage"], **coverage}}


class _Rewriting:
    """Replaces the References in a Claim."""

    __slots__ = ("_base", "_entries", "_known")

    def __init__(self, submitted: Submitted, known: dict[str, Reference]) -> None:
        self._entries = submitted.entries
        self._base = restful_base(submitted.claim_full_url)
        self._known = known

    def of(self, claim: Json) -> Json:
        """Return a copy of the Claim with its references replaced."""
        return {name: self._within(value) if type(value) in _NESTED else value for name, value in claim.items()}

    def _within(self, value: Any) -> Any:
        if type(value) is list:
            return [self._within(one) if type(one) in _NESTED else one for one in value]
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
        resolved = based(reference, self._base)
        url = resolved or reference
        known = self._known.get(url)
        if known is not None:
            return known
        named = _named(self._identified(resolved), url)
        if len(sent) > 1:
            named.update({name: value for name, value in sent.items() if name != "reference"})
        return named

    def _identified(self, url: str | None) -> Entry | None:
        """Return what is referred to; of a role that has no identifier of its own, the practitioner who has one."""
        target = None if url is None else self._entries.at(url)
        if target is None or "identifier" in target.resource.fields or target.type != "PractitionerRole":
            return target
        return self._entries.optional(target, target.resource, "practitioner") or target


def _named(target: Entry | None, url: str) -> Reference:
    """Name a resource by its own identifier, or by the URL it was sent under."""
    named: Reference = {}
    fields = {} if target is None else target.resource.fields
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
