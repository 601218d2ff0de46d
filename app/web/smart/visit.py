"""The visit of a browser to the sign-in pages: its cookie, the client's request, and the form that it sent."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from app.access.smart.authorization import NotAddressed
from app.access.smart.secret import new_secret
from app.audit.access import Origin
from app.web.audit.origin import origin_of
from app.web.request import FhirRequest
from app.web.smart.message_page import root_path
from app.workflow.smart.sessions import form_token, is_form_token
from app.workflow.system import System

PATH = "/oauth/authorize"
MOST_PARAMETERS = 30
LONGEST_REQUEST = 8192
_ONLY_ONCE = frozenset({"prompt", "max_age"})
"""Parameters that ask for a login; they are done with after one."""


class Visit(Struct, frozen=True):
    """A request of a browser. `request` is the client's request to sign in, as a query string.

    `origin` is where the browser's request came from, for AuditEvents.
    """

    system: System
    request: str
    cookie: str
    known: bool
    """Whether the browser sent the cookie, so that the answer must not set it."""
    origin: Origin

    @property
    def root(self) -> str:
        """The path to the root of the server, with a slash at its end."""
        return root_path(self.system)

    @property
    def action(self) -> str:
        """The path that the forms are sent below."""
        return self.root + PATH.removeprefix("/")

    @property
    def token(self) -> str:
        """The token of the forms."""
        return form_token(self.cookie)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters of the client's request. Raises NotAddressed if they cannot be read."""
        if len(self.request) > LONGEST_REQUEST:
            raise NotAddressed("The address of this page is too long.")
        try:
            return parse_qsl(self.request, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
        except ValueError as unreadable:
            raise NotAddressed("The address of this page is damaged.") from unreadable

    def url_after_login(self) -> str:
        """Return where to go after a login: the request, without the parameters that asked for the login."""
        rest = [(name, value) for name, value in self.parameters if name not in _ONLY_ONCE]
        return f"{self.action}?{urlencode(rest)}"

    def is_own_form(self, token: str) -> bool:
        """Return whether the form that the browser sent came from a page that was made for its cookie."""
        return self.known and is_form_token(self.cookie, token)

    def with_cookie(self, response: Response, cookie: str | None = None) -> Response:
        """Give the browser a new cookie, or the one of this visit if it has none yet."""
        if cookie is None and self.known:
            return response
        response.set_cookie(
            _name(self.system),
            cookie or self.cookie,
            path="/",
            secure=_is_https(self.system),
            httponly=True,
            samesite="lax",
        )
        return response


def visit_of(system: System, request: Request, query: str) -> Visit:
    """Return the visit of a browser with the client's request `query`."""
    cookie = request.cookies.get(_name(system), "")
    origin = origin_of(FhirRequest(request.scope, request.receive, system), system.root)
    return Visit(system, query, cookie or new_secret(), known=bool(cookie), origin=origin)


def _is_https(system: System) -> bool:
    return system.root.startswith("https://")


def _name(system: System) -> str:
    """Return the name of the cookie. Browsers take `__Host-` only from this very host, by https."""
    return "__Host-preauth" if _is_https(system) else "preauth"
