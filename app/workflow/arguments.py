"""Read the parameters of an operation: those of the URL, and those of Parameters in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.fhir.outcome import Fault, FhirError
from app.search.parsing import IGNORED
from app.workflow.call import Received
from app.workflow.system import System

MOST_ARGUMENTS = 50

_NUMBER = re.compile(r"[0-9]{1,9}")
_VALUES = (
    "valueId",
    "valueBoolean",
    "valueCode",
    "valueString",
    "valueInteger",
    "valueUnsignedInt",
    "valuePositiveInt",
    "valueDate",
    "valueDateTime",
    "valueInstant",
)


class Arguments(Struct, frozen=True):
    """Names and values, as given."""

    pairs: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Return all values of a name; commas separate values, too."""
        return [part for given, value in self.pairs if given == name for part in value.split(",")]

    def one(self, name: str) -> str | None:
        """Return the value of a name; None if it is not given. Raises FhirError PARAMETER for several."""
        values = [value for given, value in self.pairs if given == name]
        if len(values) > 1:
            raise FhirError(Fault.PARAMETER, f"`{name}` must not be repeated.")
        return values[0] if values else None

    def number(self, name: str) -> int | None:
        """Return the value of a name as a number; None if it is not given. Raises FhirError PARAMETER."""
        value = self.one(name)
        if value is None:
            return None
        if not _NUMBER.fullmatch(value):
            raise FhirError(Fault.PARAMETER, f"`{name}` must be a whole number with at most 9 digits.")
        return int(value)


def arguments(system: System, received: Received, names: Sequence[str]) -> Arguments:
    """Return the parameters of the URL and of the body. Raises FhirError PARAMETER for a name not in `names`."""
    received.body.expect("Parameters")
    checked = system.conformance.by_r4(received.body)
    in_url = [(name, value) for name, value in received.query if name not in IGNORED]
    pairs = (*in_url, *_in_body(checked.resource.get("parameter", [])))
    if len(pairs) > MOST_ARGUMENTS:
        raise FhirError(Fault.PARAMETER, f"The operation must not have more than {MOST_ARGUMENTS} parameters.")
    if any(name not in names for name, _ in pairs):
        supported = f"must be {' or '.join(names)}" if names else "must be left out"
        raise FhirError(Fault.PARAMETER, f"The parameters {supported}.")
    return Arguments(pairs)


def _in_body(parameters: Sequence[dict[str, object]]) -> Iterator[tuple[str, str]]:
    for parameter in parameters:
        value = next((parameter[name] for name in _VALUES if name in parameter), "")
        yield str(parameter["name"]), str(value).lower() if isinstance(value, bool) else str(value)
