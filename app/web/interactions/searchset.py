"""Write a page of search results as a searchset Bundle of the stored bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, operation_outcome
from app.ports import Document
from app.records.paging import Page
from app.search.includes import CONTROLS, includes_text
from app.search.parsing import Search, named
from app.search.subsets import Subset
from app.web.interactions.bundle_text import Links, bundle_text


def searchset(page: Page, included: Sequence[Document], search: Search, base: str, links: Links) -> str:
    """Return the Bundle (http://hl7.org/fhir/R4/bundle.html#searchset) as JSON text."""
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        head["total"] = page.total
    return bundle_text(head | {"link": links.bundle_links()}, _entries(page, included, search, base))


def _entries(page: Page, included: Sequence[Document], search: Search, base: str) -> Iterator[str]:
    for document in page.documents:
        yield _entry(document, base, "match", search.subset)
    subset = search.subset.of_every_type if search.subset else None
    for document in included:
        yield _entry(document, base, "include", subset)
    if search.ignored:
        yield _ignored(search)


def _entry(document: Document, base: str, mode: str, subset: Subset | None) -> str:
    full_url = write(f"{base}/{document.kind}/{document.id}")
    body = document.body if subset is None else subset.of(document.kind, document.body)
    return f'{{"fullUrl":{full_url},"resource":{body},"search":{{"mode":"{mode}"}}}}'


def _ignored(search: Search) -> str:
    texts = dict.fromkeys(_left_out(search.type, name) for name in search.ignored)
    issues = [Issue(text, severity="warning") for text in texts]
    outcome = operation_outcome(FhirError(Fault.METHOD, *issues))
    return write({"resource": outcome, "search": {"mode": "outcome"}})


def _left_out(type_: str, ignored: str) -> str:
    """Return the warning about an ignored parameter, or about an ignored value of `_include` or `_revinclude`."""
    name = ignored.partition("=")[0]
    if name in CONTROLS:
        return f"{includes_text(type_, name)} Other values were ignored."
    return f"{named('search parameter', name)} is not supported and was ignored."
