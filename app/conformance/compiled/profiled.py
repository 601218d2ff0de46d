"""The profiles of a type: a value must conform to one of them."""

from __future__ import annotations

from app.conformance.base.special_types import SIMPLE_QUANTITY
from app.conformance.base.table import STRUCTURE
from app.conformance.definitions.definitions import Definitions
from app.conformance.definitions.node import ProfiledType

_OF_R4 = STRUCTURE + SIMPLE_QUANTITY
"""A profile in R4, but a type in the R4 table."""


def profiles_of(types: tuple[ProfiledType, ...], type_: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the profiles of a type; none if one is unknown, because any value may conform to it."""
    code = "Quantity" if type_ == SIMPLE_QUANTITY else type_
    urls = tuple(url for profiled in types if profiled.code == code for url in profiled.profiles if url != _OF_R4)
    return () if any(definitions.structure(url) is None for url in urls) else urls
