"""Write the evidence of a request: the clinical resources and documents that came with it, or as attachments.

Nothing is copied: a resource is read from the body in which it came. Its id here names that body and its place.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from base64 import b64decode
from uuid import UUID

from msgspec import Struct

from app.fhir.bundle import BundleIndex, Entry, absolute, alone
from app.pas.asking.read_documents import SUPPORTING
from app.pas.face import Reference
from app.pas.parts.write_types import Json
from app.pas.rewriting import Rewriting

EVIDENCE = frozenset({*SUPPORTING, "Communication"})
READABLE = ("Communication", "DocumentReference", "QuestionnaireResponse")
"""The types that are served one by one. The others are in the Bundle of all evidence only."""
READABLE_TYPES = (*READABLE, "Binary")

OCTETS = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", re.IGNORECASE)
_KEPT_META = ("security", "tag")
_SUBJECTS = dict.fromkeys(("AllergyIntolerance", "Immunization", "NutritionOrder"), "patient")
"""The elements that name the patient, if they are not `subject`."""


class Evidence(Struct, frozen=True):
    """A resource that came, under its id here.

    `patient` is the URL of the patient in its body, `received` the time at which it came; None if they are not known.
    """

    id: str
    entry: Entry
    index: BundleIndex
    patient: str | None
    received: str | None

    @property
    def type(self) -> str:
        """The type of the resource."""
        return self.entry.type


class Binary(Struct, frozen=True):
    """The bytes of a document, with the media type that its sender gave."""

    media_type: str
    data: bytes


def evidence_in(bundle: Json, prefix: str, received: str | None) -> list[Evidence]:
    """Return the evidence in a submitted Bundle; `prefix` begins the ids."""
    index = BundleIndex(bundle)
    patient = _patient_of(index)
    own = (entry for entry in index.entries if entry.type in EVIDENCE)
    return [Evidence(f"{prefix}.{entry.number}", entry, index, patient, received) for entry in own]


def attached_evidence(resource: Json, id_: str, received: str | None) -> Evidence:
    """Return the resource of an attachment as evidence."""
    return Evidence(id_, alone(resource), BundleIndex({}), None, received)


def entry_of(evidence: Evidence, patient: Reference, base: str) -> Json:
    """Write the entry of a Bundle. A resource that is not served by itself has a URL that is derived from its id."""
    digest = hashlib.sha256(evidence.id.encode()).digest()
    served = f"{base}/{evidence.type}/{evidence.id}"
    url = served if evidence.type in READABLE else f"urn:uuid:{UUID(bytes=digest[:16], version=4)}"
    return {"fullUrl": url, "resource": write_evidence(evidence, patient, base)}


def write_evidence(evidence: Evidence, patient: Reference, base: str) -> Json:
    """Write the resource with references of this server. The data of a document is a Binary at this base."""
    known = {} if evidence.patient is None else {evidence.patient: patient}
    resource = Rewriting(evidence.index, evidence.entry, known).of(evidence.entry.resource)
    type_ = evidence.type
    sent = resource.pop("meta", {})
    meta = {name: sent[name] for name in _KEPT_META if name in sent}
    if evidence.received is not None:
        meta["lastUpdated"] = evidence.received
    written: Json = {"resourceType": type_, "id": evidence.id, **({"meta": meta} if meta else {})}
    written |= {name: value for name, value in resource.items() if name not in ("resourceType", "id")}
    subject = _SUBJECTS.get(type_, "subject")
    # A resource of the Bundle that names another subject is not about the patient, and must not seem so.
    if evidence.patient is None or subject not in written:
        written[subject] = patient
    if type_ == "DocumentReference":
        written["content"] = [
            _by_url(content, f"{base}/Binary/{evidence.id}.{number}")
            for number, content in enumerate(resource.get("content", ()))
        ]
    return written


def binary_of(evidence: Evidence, number: int) -> Binary | None:
    """Return the bytes of a document's content; None if it has none here."""
    contents = evidence.entry.resource.get("content", ())
    attachment = contents[number].get("attachment", {}) if number < len(contents) else {}
    if "data" not in attachment:
        return None
    try:
        data = b64decode("".join(attachment["data"].split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    media_type = str(attachment.get("contentType", "")).partition(";")[0].strip()
    return Binary(media_type.lower() if _MEDIA_TYPE.fullmatch(media_type) else OCTETS, data)


def _patient_of(index: BundleIndex) -> str | None:
    """Return the URL of the patient of the Claim."""
    claim = index.entries[0]
    reference = claim.resource.get("patient", {}).get("reference")
    return None if reference is None else absolute(reference, claim)


def _by_url(content: Json, url: str) -> Json:
    """Return the content of a document with the URL of its data in place of the data."""
    attachment = content.get("attachment", {})
    if "data" not in attachment:
        return content
    kept = {name: value for name, value in attachment.items() if name not in ("data", "url", "hash")}
    return {**content, "attachment": {**kept, "url": url}}
