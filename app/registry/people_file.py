"""Read a YAML file of organizations, clients and users."""

from __future__ import annotations

from pathlib import Path

from app.access.grant import Role
from app.access.registry import Client, Organization, People
from app.policy.yaml.model import Code, Data, Slug, Text, read_model
from app.policy.yaml.text import read_yaml

DEMO_PEOPLE = Path(__file__).with_name("demo.yaml")


class _Member(Data):
    payer: Slug
    id: Text


class _Organization(Data):
    id: Slug
    name: Text = ""
    npis: tuple[Code, ...] = ()
    tins: tuple[Code, ...] = ()
    sender_ids: tuple[Code, ...] = ()


class _Client(Data):
    id: Slug
    name: Text = ""
    role: Role
    organizations: tuple[Slug, ...] = ()
    payers: tuple[Slug, ...] = ()
    scopes: tuple[Text, ...]
    member: _Member | None = None


class _People(Data):
    organizations: tuple[_Organization, ...] = ()
    clients: tuple[_Client, ...] = ()


def read_people(text: str, source: str) -> People:
    """Read organizations and clients. Raises YamlRefused with file and line."""
    people = read_model(read_yaml(text, source), _People)
    return People(
        organizations=tuple(Organization(**row.model_dump()) for row in people.organizations),
        clients=tuple(_client(row) for row in people.clients),
    )


def _client(row: _Client) -> Client:
    member = None if row.member is None else (row.member.payer, row.member.id)
    return Client(**{**row.model_dump(), "member": member})


def demo_people() -> People:
    """Read the people of the demo."""
    return read_people(DEMO_PEOPLE.read_text(encoding="utf-8"), DEMO_PEOPLE.name)
