"""Read the query of a search into conditions, order, page and includes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from app.fhir.outcome import Fault, FhirError, Issue
from app.search.includes import CONTROLS as INCLUDING
from app.search.includes import Include, included, includes_text
from app.search.subsets import SUMMARIES, Subset, subset_of
from app.search.terms import IDENTIFIER_MODIFIER, Kind, SearchParameter
from app.search.values import CHAINED, Condition, Lookup, Span, condition, forms_text, identifier, identifiers, in_force

DEFAULT_COUNT = 20
MAX_COUNT = 200
MAX_PARAMETERS = 50
MAX_CONDITIONS = 10
MAX_RANGES = 5
LONGEST_TOKEN = 512

IGNORED = ("_format", "_pretty")
"""Parameters of any request; they select no resources."""

_HARMLESS = ("_totalMethod",)  # of fhirpy's count(): it selects no resources, and is ignored with a warning

_NEVER_IGNORED = ("_has", "_filter")
"""Parameters that select by other resources or by an expression. Without them, a search would find far more."""

COPY_UNCHANGED = "The value must be copied unchanged from the next link of a page."

_TOTALS = {"accurate": True, "estimate": True, "none": False}
_NUMBER = re.compile(r"[0-9]{1,9}")
_FORM = re.compile(r"[:.].*", re.DOTALL)
_PRINTABLE = re.compile(r"[A-Za-z_:.\-]{1,64}")
"""A name without digits, which may be a date or a member number."""

Rows = Mapping[str, SearchParameter]


def _is_order(raw: str, rows: Rows) -> bool:
    row = rows.get(raw.removeprefix("-"))
    return row is not None and row.order


_CONTROLS: Mapping[str, tuple[Callable[[str, Rows], bool], str]] = {
    "_sort": (
        _is_order,
        "The value must be _lastUpdated, or created, date or due if the type has it; a leading - means descending.",
    ),
    "_count": (
        lambda raw, _: _NUMBER.fullmatch(raw) is not None,
        f"The value must be a whole number; a page has at most {MAX_COUNT} matches.",
    ),
    "_total": (lambda raw, _: raw in _TOTALS, "The value must be accurate, estimate or none."),
    "_page": (lambda raw, _: 0 < len(raw) <= LONGEST_TOKEN, COPY_UNCHANGED),
    "_summary": (lambda raw, _: raw in SUMMARIES, "The value must be true, text, data, count or false."),
    "_elements": (lambda raw, _: raw != "", "The value must be names of elements with commas between them."),
}
"""The parameters that shape the answer: the test of a value, and the text for a value that fails it."""


class Search(Struct, frozen=True):
    """A search by type. A match meets all conditions, ranges and lookups; `order` is `created` or `_lastUpdated`.

    `count` 0 means only the total, as `_summary=count` does. `page` is the token of the previous page's next link.
    `subset` is the part of each match to return, None the complete resource. `ignored` are the parameters that a
    lenient search ignored, an include as `name=value`. `lookups` are conditions on a Patient that the match refers to.
    """

    type: str
    conditions: tuple[Condition, ...] = ()
    ranges: tuple[Span, ...] = ()
    order: str = "created"
    descending: bool = True
    count: int = DEFAULT_COUNT
    total: bool = False
    page: str | None = None
    subset: Subset | None = None
    includes: tuple[Include, ...] = ()
    ignored: tuple[str, ...] = ()
    lookups: tuple[Lookup, ...] = ()


def parse(
    type_: str,
    rows: Rows,
    params: Sequence[tuple[str, str]],
    *,
    base_url: str,
    lenient: bool,
    now: datetime | None = None,
) -> Search:
    """Read the parameters by the rows of the type; `now` is the time of the search.

    Raises FhirError PARAMETER with all issues.
    """
    if len(params) > MAX_PARAMETERS:
        raise FhirError(Fault.PARAMETER, f"A search must not have more than {MAX_PARAMETERS} parameters.")
    query = _Query(type_, rows, base_url, now)
    for name, raw in params:
        query.take(name, raw)
    query.take_subset()
    query.check_size()
    if not lenient:
        query.issues += (_unsupported(type_, name) for name in dict.fromkeys(query.unknown) if name not in _HARMLESS)
    if query.issues:
        raise FhirError(Fault.PARAMETER, *query.issues)
    return query.search()


def _unsupported(type_: str, name: str) -> Issue:
    control = name.partition("=")[0]
    if control in INCLUDING:
        return Issue(includes_text(type_, control))
    return Issue(f"{named('search parameter', name)} is not supported here.")


def named(kind: str, name: str) -> str:
    """Return the subject of a sentence about a parameter; it repeats the name only if its characters are safe."""
    return f"The {kind} {name}" if _PRINTABLE.fullmatch(name) else f"A {kind}"


class _Query(Struct):
    """The query as read so far."""

    type: str
    rows: Rows
    base_url: str
    now: datetime | None = None
    conditions: dict[Condition, None] = field(default_factory=dict)
    ranges: dict[Span, None] = field(default_factory=dict)
    lookups: dict[Lookup, None] = field(default_factory=dict)
    controls: dict[str, str] = field(default_factory=dict)
    includes: list[Include] = field(default_factory=list)
    subset: Subset | None = None
    unknown: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def take(self, name: str, raw: str) -> None:
        """Read one parameter."""
        if name in IGNORED:
            return
        if name in _CONTROLS:
            self._control(name, raw)
        elif name in INCLUDING:
            self._include(name, raw)
        else:
            self._condition(name, raw)

    def take_subset(self) -> None:
        """Read `_summary` and `_elements`, after all other parameters."""
        try:
            self.subset = subset_of(self.type, self.controls.get("_summary"), self.controls.get("_elements"))
        except ValueError as refused:
            self.issues.append(Issue(str(refused)))
        if self.subset is not None and self.subset.summary == "text" and self.includes:
            self.issues.append(Issue("_summary: The value text must not be combined with _include or _revinclude."))

    def check_size(self) -> None:
        """Reject more conditions than a store can answer in time; a repeated condition counts once."""
        if len(self.conditions) + len(self.lookups) > MAX_CONDITIONS:
            self.issues.append(Issue(f"A search must not have more than {MAX_CONDITIONS} different conditions."))
        if len(self.ranges) > MAX_RANGES:
            text = f"A search must not have more than {MAX_RANGES} conditions on dates, names or whole systems."
            self.issues.append(Issue(text))

    def search(self) -> Search:
        """Return the search."""
        sort = self.controls.get("_sort", "-created")
        row = self.rows.get(sort.removeprefix("-"))
        counted = self.controls.get("_summary") == "count"
        return Search(
            self.type,
            tuple(self.conditions),
            tuple(self.ranges),
            (row and row.key) or sort.removeprefix("-"),
            sort.startswith("-"),
            0 if counted else min(int(self.controls.get("_count", DEFAULT_COUNT)), MAX_COUNT),
            _TOTALS[self.controls.get("_total", "none")],
            self.controls.get("_page"),
            self.subset,
            tuple(dict.fromkeys(self.includes)),
            tuple(dict.fromkeys(self.unknown)),
            tuple(self.lookups),
        )

    def _condition(self, name: str, raw: str) -> None:
        """Add a parameter that selects matches."""
        form = _FORM.search(name)
        row = self.rows.get(name[: form.start()] if form else name)
        if row is None and name.startswith(_NEVER_IGNORED):
            self.issues.append(_unsupported(self.type, name))
            return
        if row is None:
            self.unknown.append(name)
            return
        try:
            criteria: tuple[Condition | Span | Lookup, ...]
            if row.in_force and form is None and self.now is not None:
                criteria = in_force(row, raw, self.now)
            else:
                criteria = (self._criterion(row, form[0] if form else "", raw),)
        except ValueError as refused:
            safe_name = name if _PRINTABLE.fullmatch(name) else row.name
            self.issues.append(Issue(f"{safe_name}: {refused}"))
            return
        for criterion in criteria:
            match criterion:
                case Lookup():
                    self.lookups[criterion] = None
                case Span():
                    self.ranges[criterion] = None
                case _:
                    self.conditions[criterion] = None

    def _criterion(self, row: SearchParameter, form: str, raw: str) -> Condition | Span | Lookup:
        """Read a known parameter by its modifier or chain.

        An unsupported modifier is always an error, also if the client prefers lenient handling:
        http://hl7.org/fhir/R4/search.html#modifiers
        """
        if form == "":
            return condition(row, raw, self.base_url)
        if row.targets == ("Patient",) and form in (IDENTIFIER_MODIFIER, *CHAINED):
            return Lookup(row.name, identifier(raw), carried=form == IDENTIFIER_MODIFIER)
        if row.kind is Kind.REFERENCE and form == IDENTIFIER_MODIFIER:
            return identifiers(row, raw)
        raise ValueError(f"This modifier or chain is not supported. {forms_text(row)}")

    def _include(self, name: str, raw: str) -> None:
        """Add the includes of a value; a value that the type does not offer is unknown, as `name=value`."""
        includes = included(self.type, name, raw)
        if not includes:
            self.unknown.append(f"{name}={raw}")
        self.includes += includes

    def _control(self, name: str, raw: str) -> None:
        """Add a parameter that shapes the answer."""
        fits, sentence = _CONTROLS[name]
        if name in self.controls:
            self.issues.append(Issue(f"{name}: The parameter must not be repeated."))
        elif not fits(raw, self.rows):
            self.issues.append(Issue(f"{name}: {sentence}"))
        else:
            self.controls[name] = raw
