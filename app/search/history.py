"""Read the query of a history: `_since`, `_count` and the page (http://hl7.org/fhir/R4/http.html#history)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from app.fhir.instants import first_moment
from app.fhir.outcome import Fault, FhirError, Issue
from app.search.parsing import COPY_UNCHANGED, DEFAULT_COUNT, IGNORED, LONGEST_TOKEN, MAX_COUNT

_COUNT = re.compile(r"[1-9][0-9]{0,8}")


class HistoryQuery(Struct, frozen=True):
    """A query of a history. `since` is sortable text, empty for all versions; `page` is the token of a next link."""

    count: int = DEFAULT_COUNT
    since: str = ""
    page: str | None = None


def parse_history(params: Sequence[tuple[str, str]]) -> HistoryQuery:
    """Read the parameters of a history. Raises FhirError PARAMETER with all issues."""
    read: dict[str, str] = {}
    issues: list[Issue] = []
    for name, raw in params:
        if name in IGNORED:
            continue
        if name in read:
            issues.append(Issue(f"{name}: The parameter must not be repeated."))
        elif name not in _READERS:
            issues.append(Issue("A history supports only the parameters _count, _since and _page."))
        else:
            try:
                read[name] = _READERS[name](raw)
            except ValueError as refused:
                issues.append(Issue(f"{name}: {refused}"))
    if issues:
        raise FhirError(Fault.PARAMETER, *dict.fromkeys(issues))
    return HistoryQuery(int(read.get("_count", DEFAULT_COUNT)), read.get("_since", ""), read.get("_page"))


def _count(raw: str) -> str:
    if not _COUNT.fullmatch(raw):
        raise ValueError(f"The value must be a whole number from 1; a page has at most {MAX_COUNT} versions.")
    return str(min(int(raw), MAX_COUNT))


def _since(raw: str) -> str:
    # A plus sign that was not percent-encoded arrives as a space; a date has no spaces.
    return first_moment(raw.replace(" ", "+"))


def _page(raw: str) -> str:
    if not 0 < len(raw) <= LONGEST_TOKEN:
        raise ValueError(COPY_UNCHANGED)
    return raw


_READERS: Mapping[str, Callable[[str], str]] = {"_count": _count, "_since": _since, "_page": _page}
