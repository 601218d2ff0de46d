"""Answer queries from the tables.

One condition drives the query: its rows in the term table are in the order of creation. For each row, the other
conditions are checked by a lookup in the same table, and only the documents of the remaining rows are read. If no
condition is selective but a range is, the range drives the query and its rows are sorted.

In the order of change, the rows of a selective condition are sorted. If no condition is selective, the query first
scans the newest documents, which usually fill the page; otherwise it sorts many rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from msgspec.structs import replace

from app.adapters.query import bounds_of_order, filled
from app.adapters.sqlite.statements import read_terms
from app.ports import AnyOf, Bounds, Document, Order, Query, Range
from app.search.batches import batches

_COUNTED = 1000
_SORTED = 10_000
"""The most rows that are sorted without a scan first."""

_SCANNED = 5_000
"""Documents that are scanned in the order of change before more rows are sorted."""

_AT_ONCE = 500
_COLUMNS = {Order.CREATED: "created", Order.UPDATED: "updated"}
_HOW_MANY = "SELECT count(*) FROM (SELECT 1 FROM term WHERE kind = ? AND name = ? AND value = ? LIMIT ?)"
_DOCUMENTS = "SELECT kind, id, body, terms, created, updated, version FROM document WHERE "
_DOCUMENT = f"{_DOCUMENTS} kind = ? AND id = ?"

_Part = tuple[str, list[str]]


def fetch(connection: sqlite3.Connection, kind: str, ids: Sequence[str]) -> list[Document]:
    """Return those of `ids` that exist, in the order of `ids`."""
    by_id: dict[str, Document] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        rows = connection.execute(f"{_DOCUMENTS} kind = ? AND id IN ({_marks(some)})", (kind, *some))
        by_id.update((row[1], document(row)) for row in rows)
    return [by_id[id_] for id_ in ids if id_ in by_id]


def find(connection: sqlite3.Connection, query: Query) -> list[Document]:
    """Return the query's page. With a `room`, read a few bodies at a time, so that few are read in vain."""
    ids = matching(connection, query)
    if query.room is None:
        return fetch(connection, query.kind, ids)
    few = (fetch(connection, query.kind, batch) for batch in batches(ids))
    return filled(chain.from_iterable(few), query.room)


def fetch_one(connection: sqlite3.Connection, kind: str, id_: str) -> Document | None:
    """Return the document, or None."""
    row = connection.execute(_DOCUMENT, (kind, id_)).fetchone()
    return None if row is None else document(row)


def document(row: tuple[str, str, str, str, str, str, int]) -> Document:
    """Return the document of a row."""
    kind, id_, body, terms, created, updated, version = row
    return Document(kind, id_, body, read_terms(terms), created, updated, version)


def matching(connection: sqlite3.Connection, query: Query, sorted_up_to: int = _SORTED) -> list[str]:
    """Return the ids of the query's page, in its order. Without a scan, it sorts at most `sorted_up_to` rows."""
    few = min(_COUNTED, sorted_up_to)
    driver, rows = _most_selective(connection, query, few)
    limits = _selective_range(connection, query) if rows == few else None
    if limits is not None:
        return _sorted_out(connection, query, limits)
    if rows == few and query.order is Order.UPDATED:
        driver, rows = _most_selective(connection, query, sorted_up_to)
        page = _latest(connection, query) if rows == sorted_up_to else None
        if page is not None:
            return page
    candidates: set[tuple[str, str]] = set()
    for bounds in bounds_of_order(query):
        sql, narrowing = _page(query, driver, bounds)
        for value in dict.fromkeys(driver.values):
            candidates.update(connection.execute(sql, (query.kind, driver.name, value, *narrowing, query.limit)))
    # Each statement returns its own first rows, so their union has the first rows of all.
    return _first(candidates, query)


def _most_selective(connection: sqlite3.Connection, query: Query, bound: int) -> tuple[AnyOf, int]:
    """Return the condition with the fewest rows, and their number, at most `bound`."""
    best, fewest = query.terms[0], bound
    counts = len(query.terms) > 1 or query.ranges or query.order is Order.UPDATED
    for condition in query.terms if counts else ():
        rows = 0
        for value in condition.values:
            # Counting stops at the best number so far.
            key = (query.kind, condition.name, value, fewest - rows)
            rows += connection.execute(_HOW_MANY, key).fetchone()[0]
        if rows < fewest:
            best, fewest = condition, rows
    return best, fewest


def _selective_range(connection: sqlite3.Connection, query: Query) -> Range | None:
    """Return a range of a term with few rows; it counts the rows of all kinds, because the index mixes kinds."""
    for limits in query.ranges:
        if limits.name not in _COLUMNS and _rows_within(connection, limits) < _COUNTED:
            return limits
    return None


def _rows_within(connection: sqlite3.Connection, limits: Range) -> int:
    rows = 0
    for bounds in limits.spans:
        ends, values = _between("value", bounds)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM term WHERE name = ? AND {ends} LIMIT ?)"  # noqa: S608 - marks
        rows += connection.execute(sql, (limits.name, *values, _COUNTED)).fetchone()[0]
    return rows


def _sorted_out(connection: sqlite3.Connection, query: Query, driver: Range) -> list[str]:
    """Return the page from the few rows of a range, after sorting them."""
    key, way = _COLUMNS[query.order], _way(query)
    narrowing, more = _all([*_besides(query, driver), *_behind(query)])
    candidates: set[tuple[str, str]] = set()
    for bounds in driver.spans:
        ends, values = _between("t.value", bounds)
        sql = f"""SELECT DISTINCT t.{key}, t.id FROM term AS t WHERE t.kind = ? AND t.name = ? AND {ends}{narrowing}
            ORDER BY t.{key} {way}, t.id {way} LIMIT ?"""  # noqa: S608 - column names and marks
        candidates.update(connection.execute(sql, (query.kind, driver.name, *values, *more, query.limit)))
    return _first(candidates, query)


def _first(candidates: Iterable[tuple[str, str]], query: Query) -> list[str]:
    """Return the ids of the page from pairs of order key and id."""
    return [id_ for _, id_ in sorted(candidates, reverse=query.descending)[: query.limit]]


def _page(query: Query, driver: AnyOf, bounds: Bounds) -> _Part:
    key, way = _COLUMNS[query.order], _way(query)
    ends = _between(f"t.{key}", bounds)
    other = tuple(limits for limits in query.ranges if limits.name != query.order)
    narrowing, values = _all([ends, *_besides(replace(query, ranges=other), driver), *_behind(query)])
    # The statement is built of this file's column names and question marks; values are always bound.
    sql = f"""SELECT t.{key}, t.id FROM term AS t WHERE t.kind = ? AND t.name = ? AND t.value = ?{narrowing}
        ORDER BY t.{key} {way}, t.id {way} LIMIT ?"""  # noqa: S608 - see above
    return sql, values


def _latest(connection: sqlite3.Connection, query: Query) -> list[str] | None:
    """Return the page from the first documents in the order of change; None if they do not fill it."""
    way = _way(query)
    changed = [limits for limits in query.ranges if limits.name == Order.UPDATED]
    bounds, values = _all([*map(_within, changed), *_behind(query)])
    narrowing, more = _all(_besides(query))
    # Rows are read one by one, so that the scan ends with the page.
    sql = f"""SELECT t.id, 1{narrowing} FROM document AS t INDEXED BY document_updated WHERE t.kind = ?{bounds}
        ORDER BY t.updated {way}, t.id {way} LIMIT {_SCANNED}"""  # noqa: S608 - see above
    rows = connection.execute(sql, (*more, query.kind, *values))
    page = list(islice((id_ for id_, matches in rows if matches), query.limit))
    return page if len(page) == query.limit else None


def _way(query: Query) -> str:
    return "DESC" if query.descending else "ASC"


def _besides(query: Query, driver: AnyOf | Range | None = None) -> list[_Part]:
    """Return the query's conditions without the driving one."""
    others = (condition for condition in query.terms if condition is not driver)
    return [*(_within(limits) for limits in query.ranges if limits is not driver), *map(_other, others)]


def _behind(query: Query) -> list[_Part]:
    """Return the condition that a row follows the last page."""
    if query.after is None:
        return []
    comparison = "<" if query.descending else ">"
    key = _COLUMNS[query.order]
    return [(f"(t.{key}, t.id) {comparison} (?, ?)", [query.after.key, query.after.id])]


def _all(parts: list[_Part]) -> _Part:
    return "".join(f" AND {condition}" for condition, _ in parts), [value for _, values in parts for value in values]


def _other(condition: AnyOf) -> _Part:
    sql = f"""EXISTS (SELECT 1 FROM term AS o WHERE o.kind = t.kind AND o.name = ?
        AND o.value IN ({_marks(condition.values)}) AND o.created = t.created AND o.id = t.id)"""  # noqa: S608 - marks
    return sql, [condition.name, *condition.values]


def _within(limits: Range) -> _Part:
    if limits.name in _COLUMNS:
        return _within_any(f"t.{_COLUMNS[Order(limits.name)]}", limits)
    ends, values = _within_any("json_extract(own.value, '$[1]')", limits)
    sql = f"""EXISTS (SELECT 1 FROM document AS d, json_each(d.terms) AS own WHERE d.kind = t.kind AND d.id = t.id
        AND json_extract(own.value, '$[0]') = ? AND {ends})"""  # noqa: S608 - a fixed expression and marks
    return sql, [limits.name, *values]


def _within_any(column: str, limits: Range) -> _Part:
    spans = [_between(column, bounds) for bounds in limits.spans]
    return "(" + " OR ".join(ends for ends, _ in spans) + ")", [value for _, values in spans for value in values]


def _between(column: str, bounds: Bounds) -> _Part:
    low, high = bounds
    ends = [(f"{column} >= ?", low), (f"{column} < ?", high)]
    given = [(condition, value) for condition, value in ends if value is not None]
    return " AND ".join(condition for condition, _ in given) or "1", [value for _, value in given]


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
