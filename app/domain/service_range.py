"""Match a service with a service code, or with a range of codes."""

from __future__ import annotations

import re

from app.codes import family
from app.domain.coding.one_service import comparable
from app.domain.datatypes import Coding

_DIGIT = re.compile("[0-9]")


def covers(start: Coding, end: Coding | None, service: Coding) -> bool:
    """Return whether the service has the code of `start`, or lies in the range from `start` to `end`.

    CPT is level I of HCPCS, so both systems share their codes. Only codes with digits and letters in the same places
    form a range.
    """
    system = family(start.system)
    if system != family(service.system):
        return False
    first, code = comparable(system, start.code), comparable(system, service.code)
    if code == first or end is None or family(end.system) != system:
        return code == first
    last = comparable(system, end.code)
    # The order of texts is the order of codes only if their digits and letters are in the same places.
    return first <= code <= last and len({_DIGIT.sub("0", text) for text in (first, code, last)}) == 1
