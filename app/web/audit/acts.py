"""Say how a route is audited, from its path and method. A new route of a served type is audited, too."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.access.reach import DIRECTORY
from app.audit.access import Interaction
from app.operations import OPERATIONS
from app.search.canonicals import DEFINED

_OPERATIONS: Mapping[str, Interaction | None] = {operation.code: operation.audited_as for operation in OPERATIONS}
_READS: Mapping[str, Interaction] = {
    "": Interaction.SEARCH,
    "_search": Interaction.SEARCH,
    "_history": Interaction.TYPE_HISTORY,
    "{id:fhirid}": Interaction.READ,
    "{id:fhirid}/_history": Interaction.INSTANCE_HISTORY,
    "{id:fhirid}/_history/{version:fhirid}": Interaction.VREAD,
}
_WRITES: Mapping[tuple[str, str], Interaction] = {
    ("POST", ""): Interaction.CREATE,
    ("PUT", "{id:fhirid}"): Interaction.UPDATE,
    ("DELETE", "{id:fhirid}"): Interaction.DELETE,
}


class Act(Struct, frozen=True):
    """The interaction of a route, the type of its resources, and its operation, such as `$submit`."""

    interaction: Interaction
    type: str
    operation: str = ""

    @property
    def is_write(self) -> bool:
        """Whether the act changes resources; its commit then stores the AuditEvent."""
        return self.interaction in _WRITES.values()

    @property
    def is_query(self) -> bool:
        """Whether the act selects resources by a query instead of an id."""
        return self.interaction in (Interaction.SEARCH, Interaction.TYPE_HISTORY)


def act_of(path: str, method: str) -> Act | None:
    """Return the act of a route below a base; None if it shows no patient data and changes nothing.

    Raises KeyError for a path of another shape: the server must not start with a route that has no rule here.
    """
    type_, _, rest = path.removeprefix("/").partition("/")
    if type_ in ("metadata", *DEFINED):
        return None
    before, dollar, code = path.rpartition("$")
    if dollar:
        interaction = _OPERATIONS[code]
        return None if interaction is None else Act(interaction, type_ if before != "/" else "", f"${code}")
    if (method, rest) in _WRITES:
        return Act(_WRITES[method, rest], type_)
    return None if type_ in DIRECTORY else Act(_READS[rest], type_)
