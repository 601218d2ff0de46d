"""Join a client with its user and its organizations, and build the grant of a token from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app.access.grant import OF_PROVIDERS, STAFF, Grant
from app.access.ownership import owners_of
from app.access.registry import Client, Organization, User
from app.access.verifier import Verified


class Principal(Struct, frozen=True):
    """A client, the user who signed in with it, and the organizations and payers that they act for.

    A user who signed in acts for those that the client may act for, too.
    """

    client: Client
    organizations: tuple[str, ...] = ()
    npis: frozenset[str] = frozenset()
    tins: frozenset[str] = frozenset()
    sender_ids: frozenset[str] = frozenset()
    owners: Mapping[tuple[str, str], str] = {}
    payers: frozenset[str] = frozenset()
    user: User | None = None

    def has_subject(self, *, is_person_known: bool) -> bool:
        """Return whether a grant would name whose data it is about: an organization, a payer, or a known person."""
        if self.client.role in OF_PROVIDERS:
            return bool(self.organizations)
        return bool(self.payers) if self.client.role in STAFF else is_person_known

    def grant(self, verified: Verified, scopes: frozenset[str], patient: str | None) -> Grant:
        """Return the grant of a verified token of this client, for these scopes and this Patient."""
        return Grant(
            client=self.client.key,
            role=self.client.role,
            organizations=self.organizations,
            npis=self.npis,
            tins=self.tins,
            sender_ids=self.sender_ids,
            owners=self.owners,
            patient=patient,
            payers=self.payers,
            scopes=scopes,
            user="" if verified.subject == verified.client else verified.subject,
            token=verified.token,
        )


def principal_of(client: Client, user: User | None, organizations: Sequence[Organization]) -> Principal:
    """Return the principal of a client with those of its organizations that are registered."""
    return Principal(
        client,
        tuple(organization.id for organization in organizations),
        frozenset(npi for organization in organizations for npi in organization.npis),
        frozenset(tin for organization in organizations for tin in organization.tins),
        frozenset(sender for organization in organizations for sender in organization.sender_ids),
        owners_of(organizations),
        frozenset(shared(client.payers, None if user is None else user.payers)),
        user,
    )


def shared(of_client: Sequence[str], of_user: Sequence[str] | None) -> Sequence[str]:
    """Return the ids that the client and the user share, in the order of the user's; without a user, the client's."""
    return of_client if of_user is None else tuple(id_ for id_ in of_user if id_ in of_client)
