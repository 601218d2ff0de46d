"""Read the organizations, clients and users that a start registers: the demo's, and those of PREAUTH_CLIENTS."""

from __future__ import annotations

from collections.abc import Mapping

from app.access.registry import People, Source
from app.registry.contradictions import hooks_outside
from app.registry.demo_credentials import installed_people
from app.registry.people_file import read_people_file
from app.settings import Settings


def people_at_start(settings: Settings) -> Mapping[Source, People]:
    """Return the people by their source. Raises the errors of `operators_people`."""
    people = {Source.DEMO: installed_people(settings.data)} if settings.environment == "demo" else {}
    if settings.clients is not None:
        people[Source.FILE] = operators_people(settings)
    return people


def operators_people(settings: Settings) -> People:
    """Read the people of PREAUTH_CLIENTS. Raises the errors of `read_people_file`, and RuntimeError for hooks."""
    people = People() if settings.clients is None else read_people_file(settings.clients)
    if problems := list(hooks_outside(people.clients, settings.hook_origins)):
        raise RuntimeError("\n".join(problems))
    return people
