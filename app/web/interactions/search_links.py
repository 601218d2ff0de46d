"""The links of a search: of one by GET they say all that was asked, of one by POST nothing of it.

Numbers and identifiers that came in a body do not get into an address, where logs and histories would keep them. The
next link of a POST carries the page's token, and the caller posts to it, as a form, all that it asked before.
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


def get_links(search: Search, base: str, asked: Parameters, end: Position | None) -> Links:
    """Repeat what was asked, without what was ignored."""
    used = [(name, value) for name, value in asked if name not in search.ignored]
    used = [(name, value) for name, value in used if f"{name}={value}" not in search.ignored]
    own = f"{base}/{search.type}"
    return Links(_with(own, used), None if end is None else _with(own, _turned(used, page_token(end))))


def post_links(type_: str, base: str, asked: Parameters, end: Position | None) -> Links:
    """Tell where to post; the token carries a check of the parameters' names, so that none is forgotten next time."""
    own = f"{base}/{type_}/_search"
    return Links(own, None if end is None else _with(own, [(PAGE, f"{page_token(end)}.{_check(asked)}")]))


def posted(asked: Parameters) -> Parameters:
    """Take the check off the page's token. Raises FhirError PARAMETER where other parameters were asked before."""
    turned: list[tuple[str, str]] = []
    for name, value in asked:
        token, _, check = value.rpartition(".") if name == PAGE else (value, "", "")
        if name == PAGE and check != _check(asked):
            text = "_page: A next link is accepted with all the parameters of the search that it comes from, as a form."
            raise FhirError(Fault.PARAMETER, Issue(text))
        turned.append((name, token))
    return turned


def _check(asked: Parameters) -> str:
    names = "\n".join(sorted(name for name, _ in asked if name != PAGE))
    return f"{zlib.crc32(names.encode()):08x}"


def _turned(used: Iterable[tuple[str, str]], token: str) -> Parameters:
    return [*((name, value) for name, value in used if name != PAGE), (PAGE, token)]


def _with(url: str, params: Parameters) -> str:
    return f"{url}?{urlencode(params)}" if params else url
