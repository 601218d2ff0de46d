"""Read the small forms of the sign-in pages, in which a field may occur several times."""

from __future__ import annotations

from fastapi import Request
from msgspec import Struct

from app.web.body import read_form
from app.web.request import FhirRequest
from app.workflow.system import System


class Form(Struct, frozen=True):
    """The fields of a form, in its order."""

    pairs: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Return the field with that name; empty if there is none, or more than one."""
        values = self.values(name)
        return values[0] if len(values) == 1 else ""

    def values(self, name: str) -> tuple[str, ...]:
        """Return all fields with that name."""
        return tuple(value for field, value in self.pairs if field == name)


async def read_page_form(request: Request, system: System) -> Form:
    """Read the body as a form. Raises FhirError MEDIA_TYPE, TOO_LARGE or PARAMETER."""
    bounded = FhirRequest(request.scope, request.receive, system)
    try:
        return Form(tuple(await read_form(bounded)))
    finally:
        bounded.release()
