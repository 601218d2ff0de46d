"""The newest Bundle of a request: its parties and its Claim, for the answer to an inquiry that does not have them."""

from __future__ import annotations

from msgspec import Struct

from app.domain.authorization import Authorization
from app.fhir.body import Checked
from app.fhir.bundle import BundleIndex
from app.fhir.json import encoded
from app.fhir.outcome import FhirError
from app.pas.edition import edition
from app.pas.face import Reference, npi_reference, party_reference
from app.pas.parts.write_types import Json
from app.pas.read_inquiry import SubmittedInquiry
from app.pas.requests.read_request import SubmittedRequest, read_request
from app.pas.write_response import echoes

_OF_PROVIDERS = frozenset({"Practitioner", "PractitionerRole", "Organization", "Location", "Endpoint"})
"""The types of the entries that an answer takes from the Bundle of a request."""


class Original(Struct, frozen=True):
    """The newest Bundle of a request, as read. `shows_claim`: the inquirer may read the Claim."""

    request: SubmittedRequest
    shows_claim: bool


def read_original(submission: Checked, authorization: Authorization, *, shows_claim: bool) -> Original | None:
    """Read the Bundle again; None if an earlier release took what this one refuses."""
    try:
        return Original(read_request(submission, edition(authorization.edition)), shows_claim)
    except FhirError:
        return None


class Parties:
    """The parties in one Bundle of an answer: those of the inquiry, and `added` entries of the requests.

    A URL names one resource in a Bundle. A provider whose URL has another content in the inquiry, or that leads to
    other resources than those of providers, is named by identifier.
    """

    def __init__(self, submitted: SubmittedInquiry) -> None:
        self._inquiry = submitted
        self._known = {entry.full_url: entry.resource for entry in submitted.index.entries}
        self.added: dict[str, Json] = {}

    def requestor(self, authorization: Authorization, original: Original | None) -> Reference:
        """Refer to the requestor: in the inquiry, else in the request, else by identifier."""
        inquirer, requestor = self._inquiry.inquiry.requestor, authorization.requestor
        if inquirer.npi is not None and inquirer.npi == requestor.npi:
            return self._inquiry.face.requestor
        sent = None if original is None else original.request.face.requestor
        return self._taken(original, sent) or party_reference(requestor)

    def providers(self, authorization: Authorization, original: Original | None) -> dict[str, Reference]:
        """Refer to each performing provider, by NPI: in the inquiry, else in the request, else by identifier."""
        own, sent = self._inquiry.face.providers, {} if original is None else original.request.face.providers
        return {
            npi: own.get(npi) or self._taken(original, sent.get(npi)) or npi_reference(npi)
            for npi in sorted(authorization.performers)
        }

    def _taken(self, original: Original | None, reference: Reference | None) -> Reference | None:
        """Add the entries that a reference in the request leads to; None if the answer cannot have them."""
        if original is None or reference is None or "reference" not in reference:
            return None
        index = original.request.index
        entries = {entry["fullUrl"]: entry for entry in echoes(index, encoded(reference))}
        if not entries or not all(self._fits(index, url) for url in entries):
            return None
        for url in entries:
            self._known[url] = index.by_url[url].resource
        self.added.update(entries)
        return reference

    def _fits(self, index: BundleIndex, url: str) -> bool:
        entry = index.by_url[url]
        return entry.type in _OF_PROVIDERS and self._known.get(url, entry.resource) == entry.resource
