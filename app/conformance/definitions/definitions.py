"""The profiles, extensions, value sets and code systems that a server goes by, found by canonical URL and version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from app.conformance.base.table import STRUCTURE
from app.conformance.definitions.contexts import ANYWHERE, Contexts, read_contexts
from app.conformance.definitions.element_definition import tree, unversioned
from app.conformance.definitions.node import Node, NotUnderstood, over
from app.conformance.definitions.terminology import Members, all_codes, members

Json = dict[str, Any]

_MAX_PARENTS = 16


class Structure(Struct, frozen=True):
    """A profile or extension: the type it constrains and what it says, by itself or (`parent`) on top of a profile.

    `contexts` are where an extension may stand.
    """

    url: str
    version: str
    type: str
    node: Node
    parent: str | None
    abstract: bool = False
    contexts: Contexts = ANYWHERE


class Definitions:
    """What is known. Where two resources define the same URL, the first is the one meant without a version.

    `whole` are beginnings of URLs of which all are known: an extension of such a URL that is not here does not exist.
    """

    def __init__(self, resources: Iterable[Json], whole: Iterable[str] = ()) -> None:
        self.whole = tuple(whole)
        self._structures: dict[str, Structure] = {}
        self._value_sets: dict[str, Json] = {}
        self._code_systems: dict[str, Json] = {}
        self._members: dict[str, Members | None] = {}
        for resource in resources:
            self._add(resource)

    def _add(self, resource: Json) -> None:
        kind, url = resource.get("resourceType"), resource.get("url")
        if not isinstance(url, str):
            return
        if kind == "StructureDefinition":
            if resource.get("kind") != "logical" and resource.get("derivation") == "constraint":
                read = _structure(url, resource)
                self._structures.setdefault(url, read)
                self._structures.setdefault(f"{url}|{read.version}", read)
        elif kind == "ValueSet":
            self._value_sets.setdefault(url, {"compose": resource.get("compose", {})})
        elif kind == "CodeSystem" and resource.get("content") == "complete":
            self._code_systems.setdefault(url, {"concept": resource.get("concept", [])})

    def __iter__(self) -> Iterator[Structure]:
        """Give each profile and extension once."""
        return (structure for url, structure in self._structures.items() if "|" not in url)

    def structure(self, canonical: str) -> Structure | None:
        """Return the profile or extension of this URL; with a version that is not here, the one that is."""
        return self._structures.get(canonical) or self._structures.get(unversioned(canonical))

    def contexts(self, url: str) -> Contexts:
        """Return where an extension of this URL may stand."""
        found = self.structure(url)
        return ANYWHERE if found is None else found.contexts

    def type_of(self, canonical: str) -> str | None:
        """Return the type that a profile constrains, or that R4 itself defines under this URL."""
        found = self.structure(canonical)
        if found is not None:
            return found.type
        return unversioned(canonical).removeprefix(STRUCTURE) if canonical.startswith(STRUCTURE) else None

    def node(self, canonical: str) -> Node:
        """Return all that a profile says, with what the profiles it derives from say. Raises NotUnderstood."""
        return self._layered(canonical, _MAX_PARENTS)

    def _layered(self, canonical: str, left: int) -> Node:
        found = self.structure(canonical)
        if found is None or left == 0:
            raise NotUnderstood(f"{canonical} is not among the definitions, or its parents go round in a circle.")
        return found.node if found.parent is None else over(self._layered(found.parent, left - 1), found.node)

    def members(self, value_set: str) -> Members | None:
        """Return the members of a value set, or None where they are not known: then anything may be one."""
        if value_set not in self._members:
            found = self._value_sets.get(value_set)
            self._members[value_set] = None if found is None else members(found, self._all_codes)
        return self._members[value_set]

    def _all_codes(self, system: str) -> frozenset[str] | None:
        found = self._code_systems.get(system)
        return all_codes(found["concept"]) if found and found["concept"] else None


def _structure(url: str, resource: Json) -> Structure:
    """Read a StructureDefinition; a snapshot already says what the parents say."""
    whole = resource.get("snapshot")
    parent = unversioned(resource.get("baseDefinition", ""))
    elements = (whole or resource.get("differential") or {}).get("element", ())
    return Structure(
        url,
        str(resource.get("version", "")),
        resource["type"],
        tree(elements, url),
        None if whole or not parent or parent.startswith(STRUCTURE) else parent,
        bool(resource.get("abstract")),
        read_contexts(resource),
    )
