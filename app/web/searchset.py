"""A page of search results as a searchset Bundle; stored bodies go in as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from app.fhir.json import write
from app.fhir.outcome import Fault, FhirError, Issue, operation_outcome
from app.fhir.search_parse import Search
from app.ports import Document
from app.records.resources import Page, page_token

PAGE_PARAMETER = "_page"


def searchset(page: Page, search: Search, base: str, asked: Sequence[tuple[str, str]]) -> str:
    """Write the Bundle (http://hl7.org/fhir/R4/bundle.html#searchset) as JSON text."""
    entries = [_match(document, base) for document in page.documents]
    if search.ignored:
        entries.append(_ignored(search.ignored))
    head = write(
        {"resourceType": "Bundle", "type": "searchset", **_total(page), "link": _links(page, search, base, asked)}
    )
    if not entries:
        return head
    return f'{head[:-1]},"entry":[{",".join(entries)}]}}'


def _match(document: Document, base: str) -> str:
    full_url = write(f"{base}/{document.kind}/{document.id}")
    return f'{{"fullUrl":{full_url},"resource":{document.body},"search":{{"mode":"match"}}}}'


def _ignored(names: Sequence[str]) -> str:
    issues = [
        Issue(f"The search parameter {name} is not supported and was ignored.", severity="warning") for name in names
    ]
    outcome = operation_outcome(FhirError(Fault.METHOD, *issues))
    return write({"resource": outcome, "search": {"mode": "outcome"}})


def _total(page: Page) -> dict[str, Any]:
    return {} if page.total is None else {"total": page.total}


def _links(page: Page, search: Search, base: str, asked: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    links = [{"relation": "self", "url": _url(search, base, asked)}]
    if page.next is not None:
        turned = [(name, value) for name, value in asked if name != PAGE_PARAMETER]
        links.append(
            {"relation": "next", "url": _url(search, base, [*turned, (PAGE_PARAMETER, page_token(page.next))])}
        )
    return links


def _url(search: Search, base: str, params: Sequence[tuple[str, str]]) -> str:
    used = [(name, value) for name, value in params if name not in search.ignored]
    query = urlencode(used)
    return f"{base}/{search.type}?{query}" if query else f"{base}/{search.type}"
