"""The profiles that a value of a type must meet one of."""

from __future__ import annotations

from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.base.table import STRUCTURE
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import ProfiledType

_OF_R4 = STRUCTURE + SIMPLE_QUANTITY
"""A profile that R4 itself has, and the table of its types as a type."""


def profiles_of(types: tuple[ProfiledType, ...], type_: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the profiles of a type; none where one of them is not known, as any value might meet that."""
    code = "Quantity" if type_ == SIMPLE_QUANTITY else type_
    urls = tuple(url for one in types if one.code == code for url in one.profiles if url != _OF_R4)
    return () if any(definitions.structure(url) is None for url in urls) else urls
