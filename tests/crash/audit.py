"""What a store must look like after a crash: each authorization whole, and nothing that belongs to none.

Reads the SQLite file itself, as it lies there, and not through the program that wrote it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

Json = dict[str, Any]

ONE_EACH = ("authorization", "submission", "ClaimResponse", "Claim", "event", "replay")
"""The kinds of which each answered request has one row."""

TERMS_APART = """
    WITH given AS (
        SELECT d.kind, d.id, json_extract(t.value, '$[0]') AS name, json_extract(t.value, '$[1]') AS value
        FROM document AS d, json_each(d.terms) AS t)
    SELECT count(*) FROM (
        SELECT * FROM (SELECT kind, id, name, value FROM term EXCEPT SELECT * FROM given)
        UNION ALL SELECT * FROM (SELECT * FROM given EXCEPT SELECT kind, id, name, value FROM term))"""


class Shelves:
    """The bodies of the stored documents, by kind and id."""

    def __init__(self, file: Path) -> None:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            self.integrity: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
            self.terms_apart: int = connection.execute(TERMS_APART).fetchone()[0]
            rows = connection.execute("SELECT kind, id, body FROM document").fetchall()
        self._bodies: dict[str, dict[str, str]] = {}
        for kind, id_, body in rows:
            self._bodies.setdefault(kind, {})[id_] = body

    def ids(self, kind: str) -> set[str]:
        return set(self._bodies.get(kind, {}))

    def rows(self, kind: str) -> dict[str, Json]:
        return {id_: msgspec.json.decode(body) for id_, body in self._bodies.get(kind, {}).items()}

    def replays(self) -> dict[str, str]:
        """Return the answer that is kept for each Claim."""
        kept = (body.partition("\n") for body in self._bodies.get("replay", {}).values())
        return {claim: answer for claim, _, answer in kept}


def findings(file: Path) -> list[str]:
    """Say everything that is half written; nothing where all is well."""
    shelves = Shelves(file)
    return list(_findings(shelves))


def lost(file: Path, answers: Mapping[int, Iterable[str]]) -> list[str]:
    """Say which answers that somebody was given are not the one answer that the store holds of that request."""
    kept = set(Shelves(file).replays().values())
    given = {serial: set(texts) for serial, texts in answers.items()}
    several = [f"request {serial} got {len(texts)} answers" for serial, texts in given.items() if len(texts) > 1]
    gone = [f"an answer to request {serial} is lost" for serial, texts in given.items() if texts - kept]
    shared = Counter(text for texts in given.values() for text in texts)
    return several + gone + [f"{count} requests got one answer" for count in shared.values() if count > 1]


def _findings(shelves: Shelves) -> Iterator[str]:
    if shelves.integrity != "ok":
        yield shelves.integrity
    if shelves.terms_apart:
        yield f"{shelves.terms_apart} terms are on one side only"
    records = shelves.rows("authorization")
    for kind, expected in _expected(records).items():
        yield from _difference(kind, expected, _belonging(shelves, kind))
    counts = {kind: len(shelves.ids(kind)) for kind in ONE_EACH}
    if len(set(counts.values())) > 1:
        yield f"row counts differ: {counts}"
    yield from _members(shelves, records)
    yield from _difference("AuditEvent of the submit", set(records), _submits(shelves))


def _submits(shelves: Shelves) -> set[str]:
    """Name the authorizations whose submit has an AuditEvent; that of a repeated submit is a read."""
    created = (event for event in shelves.rows("AuditEvent").values() if event["action"] == "C")
    what = (entity.get("what", {}).get("reference", "") for event in created for entity in event["entity"])
    return {reference.removeprefix("ClaimResponse/") for reference in what if reference.startswith("ClaimResponse/")}


def _expected(records: Mapping[str, Json]) -> dict[str, set[str]]:
    """Name, for each kind, the rows that the authorizations call for."""
    numbers = {
        f"{record['payer']}|{number}"
        for record in records.values()
        for number in (record.get("number"), record.get("administration_number"))
        if number
    }
    claims = {record["claim"] for record in records.values()}
    return {
        "submission": set(records),
        "ClaimResponse": set(records),
        "Claim": claims,
        "number": numbers,
        "event": set(records),
        "replay": claims,
        "Task": {id_ for id_, record in records.items() if record.get("due")},
    }


def _belonging(shelves: Shelves, kind: str) -> set[str]:
    """Name what the stored rows of a kind belong to: events and replays say so, the others by their id."""
    if kind == "event":
        return {row["subject"] for row in shelves.rows(kind).values()}
    return set(shelves.replays()) if kind == "replay" else shelves.ids(kind)


def _difference(kind: str, expected: set[str], stored: set[str]) -> Iterator[str]:
    if missing := expected - stored:
        yield f"{len(missing)} authorizations without {kind}"
    if orphans := stored - expected:
        yield f"{len(orphans)} orphans of kind {kind}"


def _members(shelves: Shelves, records: Mapping[str, Json]) -> Iterator[str]:
    members = shelves.rows("member").values()
    yield from _difference("Patient", {member["patient"] for member in members}, shelves.ids("Patient"))
    yield from _difference("Coverage", {member["coverage"] for member in members}, shelves.ids("Coverage"))
    asked = {record["patient"] for record in records.values()}
    yield from _difference("member", asked, {member["patient"] for member in members})
