"""Clients and users of App Launch, for tests: register them, and walk through the pages of a sign-in as a browser."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from app.access.grant import Role
from app.access.registry import Client, ClientAuth, GrantType, People, User
from app.access.smart.secret import hashed
from tests.support.people import register
from tests.support.samples import request_bundle
from tests.support.server import ROOT, Server

AUTHORIZE = "/oauth/authorize"
PASSWORD = "correct horse battery staple"
REDIRECT = "https://app.example/back"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PATIENT_SCOPES = ("launch/patient", "openid", "fhirUser", "profile", "offline_access", "online_access", "patient/*.rs")
USER_SCOPES = ("launch", "launch/patient", "openid", "fhirUser", "offline_access", "patient/*.rs", "user/*.cruds")
CODE_GRANTS = (GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN)


@cache
def password_hash() -> str:
    """Hash the password of all users once: it takes longer than most tests."""
    return hashed(PASSWORD)


def people() -> People:
    """Return the apps of patients, providers and reviewers, and a user of each kind."""

    def app(id_: str, role: Role, **more: Any) -> Client:
        scopes = PATIENT_SCOPES if role is Role.PATIENT else USER_SCOPES
        about = {"name": f"App {id_}", "grants": CODE_GRANTS, "auth": ClientAuth.NONE, "redirect_uris": (REDIRECT,)}
        return Client(id=id_, role=role, **{"scopes": scopes, **about, **more})

    def user(id_: str, role: Role, **more: Any) -> User:
        return User(id=id_, role=role, password=password_hash(), **more)

    return People(
        clients=(
            app("app-p1", Role.PATIENT),
            app("app-p2", Role.PATIENT),
            app("app-narrow", Role.PATIENT, scopes=("launch/patient", "patient/ClaimResponse.rs")),
            app("app-secret", Role.PATIENT, auth=ClientAuth.CLIENT_SECRET, secrets=(password_hash(),)),
            app("app-ehr", Role.PROVIDER, organizations=("org-a", "org-b")),
            app("app-review", Role.REVIEWER, payers=("sample-payer",)),
        ),
        users=(
            user("mary", Role.PATIENT, name="Mary Example", member=("sample-payer", "M001")),
            user("peter", Role.PATIENT, name="Peter Example", member=("sample-payer", "M002")),
            user("nora", Role.PATIENT, name="Nora Example", member=("sample-payer", "M777")),
            user("ann", Role.PROVIDER, name="Ann Example", organizations=("org-a",)),
            user("bob", Role.PROVIDER, name="Bob Example", organizations=("org-b",)),
            user("rita", Role.REVIEWER, name="Rita Example", payers=("sample-payer",)),
            user("gone", Role.PATIENT, name="Former", member=("sample-payer", "M001"), disabled=True),
        ),
    )


async def with_people(server: Server) -> Server:
    """Register the apps and users, and let `ehr-a` register the members M001 and M002 by its requests."""
    await register(server.system.documents, people())
    for member in ("M001", "M002"):
        answer = await server.post("/Claim/$submit", request_bundle(member=member, identifier=f"REQ-{member}"))
        assert answer.status_code == 200, answer.text
    return server


def asking(client: str = "app-p1", /, **parameters: str | None) -> dict[str, str]:
    """Return the parameters of a good request to sign in; None leaves one out."""
    good = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": REDIRECT,
        "scope": "launch/patient openid fhirUser offline_access patient/*.rs",
        "state": "state-1",
        "aud": f"{ROOT}/fhir",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "nonce": "nonce-1",
    }
    return {name: value for name, value in {**good, **parameters}.items() if value is not None}


class Page(HTMLParser):
    """The forms of a page: for each action, its fields in their order; boxes that are not checked are left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self._action = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._action = given["action"] or ""
            self.forms[self._action] = []
        if tag == "label" and (target := given.get("for")):
            self.labels.add(target)
        if tag == "input":
            self.inputs.append(given)
            if given.get("type") == "hidden" or "checked" in given:
                self.forms[self._action].append((given["name"] or "", given["value"] or ""))


@dataclass(slots=True)
class Browser:
    """Keeps the cookie and the page, and sends its forms. It does not follow redirects to other servers."""

    server: Server
    answer: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    @property
    def page(self) -> Page:
        return Page(self.answer.text)

    @property
    def location(self) -> str:
        return self.answer.headers["location"]

    @property
    def sent_back(self) -> dict[str, str]:
        """The parameters that the app got."""
        assert self.location.startswith(REDIRECT), self.location
        return dict(parse_qsl(urlsplit(self.location).query))

    async def open(self, client: str = "app-p1", /, **parameters: str | None) -> httpx.Response:
        self.answer = await self.server.http.get(AUTHORIZE, params=asking(client, **parameters))
        return self.answer

    async def send(self, step: str, fields: list[tuple[str, str]] | None = None, **more: str) -> httpx.Response:
        """Send the form of a step: its hidden fields and checked boxes (or other `fields`), and `more`."""
        pairs = [*(self.page.forms[f"{AUTHORIZE}/{step}"] if fields is None else fields), *more.items()]
        body = urlencode(pairs)
        self.answer = await self.server.http.post(
            f"{AUTHORIZE}/{step}", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        while self.answer.is_redirect and self.location.startswith("/"):
            self.answer = await self.server.http.get(self.location)
        return self.answer

    async def log_in(self, user: str = "mary", password: str = PASSWORD) -> httpx.Response:
        return await self.send("login", user=user, password=password)

    async def code(self, client: str = "app-p1", user: str = "mary", **parameters: str | None) -> str:
        """Walk through a whole sign-in of a patient; return the code."""
        await self.open(client, **parameters)
        if f"{AUTHORIZE}/login" in self.page.forms:
            await self.log_in(user)
        await self.send("consent", decision="allow")
        return self.sent_back["code"]

    async def token(self, client: str = "app-p1", **fields: str) -> httpx.Response:
        """Send a request to the token endpoint, as a public client."""
        return await self.server.http.post("/oauth/token", data={"client_id": client, **fields})

    async def redeem(self, code: str, client: str = "app-p1", /, **other: str) -> httpx.Response:
        """Redeem a code."""
        good = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code_verifier": VERIFIER, "code": code}
        return await self.token(client, **{**good, **other})

    async def refresh(self, token: str, client: str = "app-p1", /, **other: str) -> httpx.Response:
        """Use a refresh token."""
        return await self.token(client, grant_type="refresh_token", refresh_token=token, **other)

    async def read(self, access_token: str, path: str = "/ClaimResponse") -> httpx.Response:
        """Read a resource with an access token."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        return await self.server.http.get(f"/fhir{path}", headers=bearer)

    async def tokens(self, client: str = "app-p1", user: str = "mary", **parameters: str | None) -> dict[str, Any]:
        """Walk through a sign-in, and return the answer of the token endpoint."""
        answer = await self.redeem(await self.code(client, user, **parameters), client)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens
