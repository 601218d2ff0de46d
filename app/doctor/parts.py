"""Check the files that the settings name: policies, packages, clients and UDAP."""

from __future__ import annotations

from collections.abc import Iterator

from app.adapters.udap.server import configured_udap
from app.composition import conformance
from app.counts import counted
from app.doctor.attempt import attempted
from app.policy.loading import SHIPPED_POLICIES, load_policies
from app.registry.people_at_start import operators_people
from app.safety.check import Check
from app.settings import Settings


def check_parts(settings: Settings) -> Iterator[Check]:
    """Check that policies, packages, the file of clients and that of UDAP load."""
    yield attempted("policy files", lambda: _policies(settings))
    if settings.packages is not None:
        yield attempted("packages", lambda: _packages(settings))
    if settings.clients is not None:
        yield attempted("clients file", lambda: _clients(settings))
    if settings.udap is not None:
        yield attempted("UDAP", lambda: _udap(settings))


def _policies(settings: Settings) -> str:
    policies = load_policies(settings.policy or SHIPPED_POLICIES)
    return f"The server answers for {', '.join(sorted(policies))}."


def _packages(settings: Settings) -> str:
    conformance(settings)
    return f"The packages in {settings.packages} are checked by their digests."


def _clients(settings: Settings) -> str:
    people = operators_people(settings)
    return (
        f"{settings.clients} lists {counted(len(people.clients), 'client')} and {counted(len(people.users), 'user')}."
    )


def _udap(settings: Settings) -> str:
    udap = configured_udap(settings, settings.root)
    return "UDAP is off, like the authorization server." if udap is None else f"The server is a member of {udap.uri}."
