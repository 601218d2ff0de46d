"""A page of search results as a searchset Bundle; whole resources go in as they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, operation_outcome
from app.ports import Document
from app.records.paging import Page
from app.search.parsing import Search, named
from app.search.subsets import Subset
from app.web.bundle_text import Links, bundle_text


def searchset(page: Page, included: Sequence[Document], search: Search, base: str, links: Links) -> str:
    """Write the Bundle (http://hl7.org/fhir/R4/bundle.html#searchset) as JSON text."""
    head: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if page.total is not None:
        head["total"] = page.total
    return bundle_text(head | {"link": links.bundle_links()}, _entries(page, included, search, base))


def _entries(page: Page, included: Sequence[Document], search: Search, base: str) -> Iterator[str]:
    for document in page.documents:
        yield _entry(document, base, "match", search.subset)
    beside = search.subset.of_every_type if search.subset else None
    for document in included:
        yield _entry(document, base, "include", beside)
    if search.ignored:
        yield _ignored(search.ignored)


def _entry(document: Document, base: str, mode: str, subset: Subset | None) -> str:
    full_url = write(f"{base}/{document.kind}/{document.id}")
    body = document.body if subset is None else subset.of(document.kind, document.body)
    return f'{{"fullUrl":{full_url},"resource":{body},"search":{{"mode":"{mode}"}}}}'


def _ignored(ignored: Sequence[str]) -> str:
    subjects = dict.fromkeys(named("search parameter", name.partition("=")[0]) for name in ignored)
    issues = [Issue(f"{subject} is not supported and was ignored.", severity="warning") for subject in subjects]
    outcome = operation_outcome(FhirError(Fault.METHOD, *issues))
    return write({"resource": outcome, "search": {"mode": "outcome"}})
