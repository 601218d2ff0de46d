"""Write the links of a search: links of a GET repeat its parameters, links of a POST do not.

Numbers and identifiers of a form must not appear in a URL, which logs and browser histories keep. The next link of a
POST carries a page token only, and the client posts all its parameters to that link again.
"""

from __future__ import annotations

from urllib.parse import urlencode

from app.ports import Position
from app.search.parsing import Search
from app.web.interactions.bundle_text import Links
from app.web.interactions.page_links import PAGE, PageLinks, Parameters


def get_links(search: Search, base: str, params: Parameters, end: Position | None, pages: PageLinks) -> Links:
    """Return links that repeat the parameters of a GET, without the ignored ones."""
    used = [(name, value) for name, value in params if name not in search.ignored]
    used = [(name, value) for name, value in used if f"{name}={value}" not in search.ignored]
    own = f"{base}/{search.type}"
    return Links(with_parameters(own, used), None if end is None else with_parameters(own, pages.next(used, end)))


def post_links(type_: str, base: str, params: Parameters, end: Position | None, pages: PageLinks) -> Links:
    """Return links to post to; the next link has no parameter but the page token."""
    own = f"{base}/{type_}/_search"
    if end is None:
        return Links(own, None)
    token = [(name, value) for name, value in pages.next(params, end) if name == PAGE]
    return Links(own, with_parameters(own, token))


def with_parameters(url: str, params: Parameters) -> str:
    """Return the URL with a query, or unchanged without parameters."""
    return f"{url}?{urlencode(params)}" if params else url
