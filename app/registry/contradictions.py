"""Find contradictions between the rows of the operator's files, and what is worth a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec import Struct

from app.access.registry import Client, ClientAuth, Organization, User
from app.policy.yaml.text import YamlText

Registered = Organization | Client | User
_NOUNS: dict[type, str] = {Organization: "organization", Client: "client", User: "user"}
_ORGANIZATION, _CLIENT, _USER = _NOUNS.values()


class Listed(Struct, frozen=True):
    """A row as a file lists it, before its values are checked, with its place."""

    noun: str
    id: str
    issuer: str
    organizations: frozenset[str]
    source: str
    line: int

    def problem(self, sentence: str) -> str:
        """Return a problem of the row as `FILE:LINE: sentence`."""
        return f"{self.source}:{self.line}: {sentence}"


def listings(text: YamlText) -> Iterator[Listed]:
    """Yield the rows of a text that have an id. The check of values reports values of other types."""
    for noun in _NOUNS.values():
        kind = f"{noun}s"
        for index, row in enumerate(_items(text.data, kind)):
            if isinstance(id_ := _value(row, "id"), str):
                issuer, organizations = _value(row, "issuer"), _items(row, "organizations")
                yield Listed(
                    noun,
                    id_,
                    issuer if isinstance(issuer, str) else "",
                    frozenset(one for one in organizations if isinstance(one, str)),
                    text.source,
                    text.line((kind, index)),
                )


def contradictions(listed: Collection[Listed]) -> Iterator[str]:
    """Yield the problems of rows that contradict each other: repeated ids, and organizations that are not listed."""
    organizations = {row.id for row in listed if row.noun == _ORGANIZATION}
    clients = {row.id for row in listed if row.noun == _CLIENT}
    first: dict[tuple[str, str, str], Listed] = {}
    for row in listed:
        earlier = first.setdefault((row.noun, row.id, row.issuer), row)
        if earlier is not row:
            yield row.problem(f"the {row.noun} {row.id} is listed already, at {earlier.source}:{earlier.line}.")
        if row.noun == _ORGANIZATION:
            continue
        for unknown in sorted(row.organizations - organizations):
            yield row.problem(f"the organization {unknown} of the {row.noun} {row.id} is not listed.")
        if row.noun == _USER and row.id in clients:
            yield row.problem(f"the user {row.id} must not have the id of a client: tokens could not differ.")


def _value(row: Any, key: str) -> Any:
    return row.get(key) if isinstance(row, dict) else None


def _items(row: Any, key: str) -> list[Any]:
    values = _value(row, key)
    return values if isinstance(values, list) else []


def warnings_of(rows: Iterable[Registered], payers: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each client or user that can do nothing yet, with its reason."""
    for row in rows:
        if isinstance(row, Organization):
            continue
        noun = _NOUNS[type(row)]
        unknown = sorted(payers_of(row) - set(payers))
        if unknown:
            known = ", ".join(sorted(payers))
            yield f"The {noun} {row.id} is for {', '.join(unknown)}, but the policies here are {known}."
        if isinstance(row, User) and not row.password:
            yield f"The user {row.id} has no password yet. Set one: preauth user password {row.id}."
        if isinstance(row, Client) and lacks_proof(row):
            yield f"The client {row.id} has no key or secret yet. Make one: preauth client rotate {row.id}."


def payers_of(row: Client | User) -> frozenset[str]:
    """Return the names of the payers that a client or a user is for."""
    return frozenset((*row.payers, *(() if row.member is None else row.member[:1])))


def lacks_proof(client: Client) -> bool:
    """Return whether the client must prove its identity here and has no key or secret for it yet."""
    return client.auth is not ClientAuth.NONE and not any((client.jwks, client.jwks_uri, client.secrets, client.issuer))


def hooks_outside(rows: Iterable[Registered], allowed: Collection[str] | None) -> Iterator[str]:
    """Yield a sentence for each client with an origin for notifications that the server's settings do not allow."""
    if allowed is None:
        return
    for row in rows:
        if isinstance(row, Client) and (outside := sorted(set(row.hooks) - set(allowed))):
            yield f"The client {row.id} must have hooks within PREAUTH_HOOK_ORIGINS: {', '.join(outside)} is not."
