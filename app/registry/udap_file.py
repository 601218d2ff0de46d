"""Read the YAML file that turns UDAP on: the community, its trust anchors, and the organizations of its members."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Struct
from pydantic import Field

from app.policy.yaml.model import Data, NotEmpty, Slug, Text, read_model
from app.policy.yaml.text import read_yaml


class UdapFile(Struct, frozen=True, kw_only=True):
    """The settings of UDAP. The paths are complete."""

    community: str
    anchors: Path
    certificate: Path
    key: Path
    scopes: tuple[str, ...]
    organizations: dict[str, tuple[str, ...]]
    organization_ids: dict[str, str]


class _File(Data):
    community: Text
    trust_anchors: Text
    certificate: Text
    key: Text
    scopes: Annotated[tuple[Text, ...], NotEmpty] = ("system/*.cruds",)
    organizations: dict[str, Annotated[tuple[Slug, ...], NotEmpty]] = Field(default={})
    organization_ids: dict[str, Slug] = Field(default={})


def read_udap(file: Path) -> UdapFile:
    """Read the file; its paths are relative to its folder. Raises YamlRefused with file and line, and OSError."""
    read = read_model(read_yaml(file.read_text(encoding="utf-8"), str(file)), _File)
    folder = file.parent
    return UdapFile(
        community=read.community,
        anchors=folder / read.trust_anchors,
        certificate=folder / read.certificate,
        key=folder / read.key,
        scopes=read.scopes,
        organizations=read.organizations,
        organization_ids=read.organization_ids,
    )
