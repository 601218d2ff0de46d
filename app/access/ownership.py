"""Decide which of the caller's organizations owns a submission: the one whose identifiers name its provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.access.grant import Grant
from app.access.registry import Organization

NPI, TIN, SENDER = "npi", "tin", "sender"


class Submitter(Struct, frozen=True):
    """The identifiers of a submission's provider, and the transmission identifiers of its sender."""

    npi: str | None = None
    tin: str | None = None
    sender_ids: tuple[str, ...] = ()


def owners_of(organizations: Iterable[Organization]) -> Mapping[tuple[str, str], str]:
    """Return the organization of each identifier; the first one of those that share it."""
    owners: dict[tuple[str, str], str] = {}
    for organization in organizations:
        identifiers = (
            *((NPI, npi) for npi in organization.npis),
            *((TIN, tin.replace("-", "")) for tin in organization.tins),
            *((SENDER, sender) for sender in organization.sender_ids),
        )
        for identifier in identifiers:
            owners.setdefault(identifier, organization.id)
    return owners


def owner_of(grant: Grant, submitter: Submitter) -> str | None:
    """Return the caller's organization that may submit; None if an identifier that counts is not the caller's.

    Every sender id must be one of the caller's. The NPI names the owner; the TIN if there is no NPI; the first sender
    id if there is neither.
    """
    identifiers = (
        *(() if submitter.npi is None else ((NPI, submitter.npi),)),
        *(() if submitter.tin is None else ((TIN, submitter.tin),)),
        *((SENDER, sender) for sender in submitter.sender_ids),
    )
    if not identifiers or not grant.sender_ids.issuperset(submitter.sender_ids):
        return None
    return grant.owners.get(identifiers[0])
