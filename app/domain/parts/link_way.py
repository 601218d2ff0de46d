"""How a billed line was linked to an authorization."""

from __future__ import annotations

from enum import StrEnum


class LinkWay(StrEnum):
    """The number by which a line names an authorization, or `auto` if it names none.

    `number`: a number of the claim. `line-number`: the line's own. `replaced-number`: one that an update has replaced.
    `alias`: another organization's number. `reference`: the case reference of the request.
    """

    NUMBER = "number"
    LINE_NUMBER = "line-number"
    REPLACED_NUMBER = "replaced-number"
    ALIAS = "alias"
    REFERENCE = "reference"
    AUTO = "auto"
