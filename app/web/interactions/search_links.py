"""Write the links of a search: links of a GET repeat its parameters, links of a POST do not.

Numbers and identifiers of a form must not appear in a URL, which logs and browser histories keep. The next link of a
POST carries a page token only, and the client posts all its parameters to that link again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from app.fhir.outcome import Fault, FhirError, Issue
from app.ports import Position
from app.records.paging import page_token
from app.search.parsing import Search
from app.web.interactions.bundle_text import Links

PAGE = "_page"

Parameters = Sequence[tuple[str, str]]


def get_links(search: Search, base: str, params: Parameters, end: Position | None) -> Links:
    """Return links that repeat the parameters of a GET, without the ignored ones."""
    used = [(name, value) for name, value in params if name not in search.ignored]
    used = [(name, value) for name, value in used if f"{name}={value}" not in search.ignored]
    own = f"{base}/{search.type}"
    return Links(
        with_parameters(own, used), None if end is None else with_parameters(own, with_page(used, page_token(end)))
    )


def post_links(type_: str, base: str, params: Parameters, end: Position | None) -> Links:
    """Return links to post to; the page token carries a checksum of the parameters' names."""
    own = f"{base}/{type_}/_search"
    return Links(own, None if end is None else with_parameters(own, [(PAGE, f"{page_token(end)}.{_checksum(params)}")]))


def posted(params: Parameters) -> Parameters:
    """Remove the checksum from the page token. Raises FhirError PARAMETER if the parameters' names have changed."""
    checked: list[tuple[str, str]] = []
    for name, value in params:
        token, _, checksum = value.rpartition(".") if name == PAGE else (value, "", "")
        if name == PAGE and checksum != _checksum(params):
            text = "_page: The form must contain all parameters of the search that the next link comes from."
            raise FhirError(Fault.PARAMETER, Issue(text))
        checked.append((name, token))
    return checked


def with_page(params: Iterable[tuple[str, str]], token: str) -> Parameters:
    """Return the parameters of the next page: the same ones with its page token."""
    return [*((name, value) for name, value in params if name != PAGE), (PAGE, token)]


def with_parameters(url: str, params: Parameters) -> str:
    """Return the URL with a query, or unchanged without parameters."""
    return f"{url}?{urlencode(params)}" if params else url


def _checksum(params: Parameters) -> str:
    names = "\n".join(sorted(name for name, _ in params if name != PAGE))
    return f"{zlib.crc32(names.encode()):08x}"
