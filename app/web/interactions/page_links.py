"""Write and read the page tokens in the links of searches and histories: signed, for one caller and one query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from app.access.page_seal import VALID_FOR, InvalidPageToken, opened, sealed
from app.fhir.outcome import Fault, FhirError
from app.ports import Position
from app.records.paging import page_token
from app.search.parsing import COPY_UNCHANGED, IGNORED
from app.workflow.call import Call
from app.workflow.system import System

PAGE = "_page"

Parameters = Sequence[tuple[str, str]]

_HOURS = VALID_FOR.seconds // 3600
_INVALID = (
    f"{PAGE}: {COPY_UNCHANGED} The request must repeat all parameters of that page's search, and must be sent within"
    f" {_HOURS} hour. Otherwise, start the search again."
)


class PageLinks(Struct, frozen=True):
    """The page tokens of one query: `bound` names the caller and the query, without its parameters."""

    key: bytes
    bound: tuple[str, ...]
    now: datetime

    def next(self, params: Parameters, end: Position) -> Parameters:
        """Return the parameters of the next page: the same ones with its page token."""
        token = sealed(self.key, page_token(end), self._bound(params), self.now)
        return [*((name, value) for name, value in params if name != PAGE), (PAGE, token)]

    def read(self, params: Parameters) -> Parameters:
        """Return the parameters with the page token as the records read it.

        Raises FhirError PARAMETER if the token was not written for this caller and these parameters, or has expired.
        """
        bound = self._bound(params)
        return [(name, self._opened(value, bound) if name == PAGE else value) for name, value in params]

    def _opened(self, value: str, bound: Iterable[str]) -> str:
        try:
            return opened(self.key, value, bound, self.now)
        except InvalidPageToken:
            raise FhirError(Fault.PARAMETER, _INVALID) from None

    def _bound(self, params: Parameters) -> tuple[str, ...]:
        relevant = sorted((name, value) for name, value in params if name not in (PAGE, *IGNORED))
        return (*self.bound, *_flat(relevant))


def page_links(system: System, call: Call, query: str) -> PageLinks:
    """Return the page tokens of the caller's query, such as `GET Claim` or `Claim/_history`."""
    grant = call.grant
    return PageLinks(system.page_key.key, (query, grant.client, grant.user, grant.patient or ""), call.now)


def public_page_links(system: System, query: str) -> PageLinks:
    """Return the page tokens of a query that needs no caller."""
    return PageLinks(system.page_key.key, (query,), system.clock.now())


def _flat(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for pair in pairs:
        yield from pair
