"""Make the registered rows of one source, such as the operator's file, equal to the rows that the source has now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from app.access.registry import Client, Organization, People, Source, User
from app.ports import Conflict, Document, Documents, Insert, Replace, Write
from app.records.access.registry import KINDS, Registered, document_of, read_row, stored_rows

_ROWS_PER_COMMIT = 100

Stored = Mapping[tuple[str, str], tuple[Document, Registered]]
"""The stored rows with their documents, by kind and key."""


class Synchronized(Struct, frozen=True):
    """How many rows a start added, changed and disabled."""

    added: int = 0
    changed: int = 0
    disabled: int = 0

    @property
    def total(self) -> int:
        """The number of rows that are not as before."""
        return self.added + self.changed + self.disabled


async def synchronize(documents: Documents, people: People, source: Source) -> Synchronized:
    """Register new rows, update changed ones, and disable those that the source no longer has.

    Rows of other sources stay. Raises RuntimeError, and changes nothing, if some `people` have the keys of these rows.
    """
    while True:
        stored = await _stored(documents)
        refuse_taken(people, source, stored)
        changes = list(_changes(people, source, stored))
        try:
            for start in range(0, len(changes), _ROWS_PER_COMMIT):
                await documents.commit(*(write for _, write in changes[start : start + _ROWS_PER_COMMIT]))
        except Conflict:  # another process starts at the same time
            continue
        names = [name for name, _ in changes]
        return Synchronized(*(names.count(field) for field in Synchronized.__struct_fields__))


def refuse_taken(people: People, source: Source, stored: Stored) -> None:
    """Raise RuntimeError, with a line for each, if rows of another source have the keys of some `people`."""
    taken = [
        f"The {KINDS[type(row)]} {row.id} is registered already, by another source ({stored[place][1].source})."
        for place, row in _by_place(people).items()
        if place in stored and stored[place][1].source is not source
    ]
    if taken:
        raise RuntimeError("\n".join([*taken, "Choose other ids, or remove the rows with `preauth … remove`."]))


async def _stored(documents: Documents) -> Stored:
    rows: dict[tuple[str, str], tuple[Document, Registered]] = {}
    for type_ in KINDS:
        for document in await stored_rows(documents, type_):
            rows[document.kind, document.id] = (document, read_row(document, type_))
    return rows


def _by_place(people: People) -> dict[tuple[str, str], Registered]:
    rows: tuple[Registered, ...] = (*people.organizations, *people.clients, *people.users)
    return {(KINDS[type(row)], row.key): row for row in rows}


def _changes(people: People, source: Source, stored: Stored) -> Iterator[tuple[str, Write]]:
    listed = _by_place(people)
    for place, row in listed.items():
        if place not in stored:
            yield "added", Insert(document_of(replace(row, source=source)))
            continue
        document, current = stored[place]
        updated = _updated(replace(row, source=source), current)
        if updated != current:
            yield "changed", Replace(document_of(updated, document.version))
    for place, (document, current) in stored.items():
        if current.source is source and place not in listed and not current.disabled:
            yield "disabled", Replace(document_of(replace(current, disabled=True), document.version))


def _updated(row: Registered, current: Registered) -> Registered:
    """Return the row of the source with the state that commands gave it: the lock, and credentials it leaves out."""
    row = replace(row, locked=current.locked, disabled=row.disabled or current.locked)
    if isinstance(row, Organization) or isinstance(current, Organization) or not current.commanded:
        return row
    if isinstance(row, User) and isinstance(current, User) and not row.password:
        return replace(row, password=current.password, commanded=True)
    if isinstance(row, Client) and isinstance(current, Client) and not (row.secrets or row.jwks or row.jwks_uri):
        return replace(row, secrets=current.secrets, jwks=current.jwks, previous=current.previous, commanded=True)
    return row
