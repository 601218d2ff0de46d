"""Find profiles, extensions, value sets and code systems by canonical URL and version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from app.conformance.base.table import STRUCTURE
from app.conformance.definitions.contexts import ANYWHERE, Contexts, read_contexts, slices_of_extensions
from app.conformance.definitions.element_definition import tree, unversioned
from app.conformance.definitions.node import Node, NotUnderstood, over
from app.conformance.definitions.terminology import Members, all_codes, members

Json = dict[str, Any]

_MAX_PARENTS = 16


class Structure(Struct, frozen=True):
    """A profile or extension.

    `type`: the type that it constrains. `node`: its constraints, to be merged over those of the profile `parent`.
    `contexts`: where an extension is allowed.
    """

    url: str
    version: str
    type: str
    node: Node
    parent: str | None
    abstract: bool = False
    contexts: Contexts = ANYWHERE


class Definitions:
    """The loaded definitions. If several resources have one URL, the first one is used without a version.

    `complete` has the URL prefixes whose extensions are all loaded. Any other extension with such a prefix is unknown.
    """

    def __init__(self, resources: Iterable[Json], complete: Iterable[str] = ()) -> None:
        self.complete = tuple(complete)
        self._structures: dict[str, Structure] = {}
        self._value_sets: dict[str, Json] = {}
        self._code_systems: dict[str, Json] = {}
        self._members: dict[str, Members | None] = {}
        self._sliced: dict[str, set[str]] = {}
        for resource in resources:
            self._add(resource)

    def _add(self, resource: Json) -> None:
        kind, url = resource.get("resourceType"), resource.get("url")
        if not isinstance(url, str):
            return
        if kind == "StructureDefinition":
            if resource.get("kind") != "logical" and resource.get("derivation") == "constraint":
                structure = _structure(url, resource)
                self._structures.setdefault(url, structure)
                self._structures.setdefault(f"{url}|{structure.version}", structure)
                for extension, path in slices_of_extensions(resource) if url.startswith(self.complete) else ():
                    self._sliced.setdefault(extension, set()).add(path)
        elif kind == "ValueSet":
            self._value_sets.setdefault(url, {"compose": resource.get("compose", {})})
        elif kind == "CodeSystem" and resource.get("content") == "complete":
            self._code_systems.setdefault(url, {"concept": resource.get("concept", [])})

    def __iter__(self) -> Iterator[Structure]:
        """Yield each profile and extension once."""
        return (structure for url, structure in self._structures.items() if "|" not in url)

    def structure(self, canonical: str) -> Structure | None:
        """Return the profile or extension with this URL. If its version is not loaded, return the loaded one."""
        return self._structures.get(canonical) or self._structures.get(unversioned(canonical))

    def contexts(self, url: str) -> Contexts:
        """Return the contexts of the extension with this URL."""
        structure = self.structure(url)
        return ANYWHERE if structure is None else structure.contexts

    def sliced(self, url: str) -> AbstractSet[str]:
        """Return the paths of elements on which a profile of `complete` has a slice for this extension."""
        return self._sliced.get(url, frozenset())

    def type_of(self, canonical: str) -> str | None:
        """Return the type that a profile constrains, or the R4 type with this URL."""
        structure = self.structure(canonical)
        if structure is not None:
            return structure.type
        return unversioned(canonical).removeprefix(STRUCTURE) if canonical.startswith(STRUCTURE) else None

    def node(self, canonical: str) -> Node:
        """Return the constraints of a profile, merged over those of its parents. Raises NotUnderstood."""
        return self._layered(canonical, _MAX_PARENTS)

    def _layered(self, canonical: str, left: int) -> Node:
        structure = self.structure(canonical)
        if structure is None or left == 0:
            raise NotUnderstood(f"{canonical} is not among the definitions, or its parents form a circle.")
        parent = structure.parent
        return structure.node if parent is None else over(self._layered(parent, left - 1), structure.node)

    def members(self, value_set: str) -> Members | None:
        """Return the members of a value set; None if they are unknown, so that any code may be one."""
        if value_set not in self._members:
            resource = self._value_sets.get(value_set)
            self._members[value_set] = None if resource is None else members(resource, self._all_codes)
        return self._members[value_set]

    def _all_codes(self, system: str) -> frozenset[str] | None:
        resource = self._code_systems.get(system)
        return all_codes(resource["concept"]) if resource and resource["concept"] else None


def _structure(url: str, resource: Json) -> Structure:
    """Read a StructureDefinition. A snapshot includes the constraints of the parents, so it needs no parent."""
    snapshot = resource.get("snapshot")
    parent = unversioned(resource.get("baseDefinition", ""))
    elements = (snapshot or resource.get("differential") or {}).get("element", ())
    return Structure(
        url,
        str(resource.get("version", "")),
        resource["type"],
        tree(elements, url),
        None if snapshot or not parent or parent.startswith(STRUCTURE) else parent,
        bool(resource.get("abstract")),
        read_contexts(resource),
    )
