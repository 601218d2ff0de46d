"""Find contradictions between the rows of the operator's files, and what is worth a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from app.access.registry import Client, ClientAuth, Organization, People, User

Registered = Organization | Client | User
_NOUNS: dict[type, str] = {Organization: "organization", Client: "client", User: "user"}


class Listed(Struct, frozen=True):
    """A row and its place in a file."""

    row: Registered
    source: str
    line: int

    def problem(self, sentence: str) -> str:
        """Return a problem of the row as `FILE:LINE: sentence`."""
        return f"{self.source}:{self.line}: {sentence}"


def people_of(listed: Iterable[Listed]) -> People:
    """Return the rows by kind."""
    rows = [one.row for one in listed]
    return People(
        organizations=tuple(row for row in rows if isinstance(row, Organization)),
        clients=tuple(row for row in rows if isinstance(row, Client)),
        users=tuple(row for row in rows if isinstance(row, User)),
    )


def contradictions(listed: Collection[Listed]) -> Iterator[str]:
    """Yield the problems of rows that contradict each other: repeated ids, and organizations that are not listed."""
    organizations = {one.row.id for one in listed if isinstance(one.row, Organization)}
    clients = {one.row.id for one in listed if isinstance(one.row, Client)}
    first: dict[tuple[type, str], Listed] = {}
    for listing in listed:
        row, noun = listing.row, _NOUNS[type(listing.row)]
        earlier = first.setdefault((type(row), row.key), listing)
        if earlier is not listing:
            yield listing.problem(f"the {noun} {row.id} is listed already, at {earlier.source}:{earlier.line}.")
        if isinstance(row, Organization):
            continue
        for unknown in sorted(set(row.organizations) - organizations):
            yield listing.problem(f"the organization {unknown} of the {noun} {row.id} is not listed.")
        if isinstance(row, User) and row.id in clients:
            yield listing.problem(f"the user {row.id} must not have the id of a client: tokens could not differ.")


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
