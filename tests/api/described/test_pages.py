"""The home page and the API reference: their content, and that nothing comes from another host or from the request."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from app.pas.edition import EDITIONS
from app.release import release
from app.web.bases import BASES
from tests.api.reading import issues
from tests.support.server import ROOT, Server, serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LOADING = ("src", "href", "spec-url", "action")


class Page(HTMLParser):
    """The text of a page, the addresses on it, and what a strict policy would not run."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.text = ""
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.inline: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.addresses += [value for name, value in named.items() if name in LOADING and value]
        self.inline += [name for name in named if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in named) else []
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


async def page(server: Server, path: str, **headers: str) -> tuple[Page, httpx.Response]:
    answer = await server.http.get(path, headers={**BROWSER, **headers})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer), answer


async def test_the_root_page_describes_the_server(server: Server) -> None:
    shown, _ = await page(server, "/")
    policies = server.system.payers.values()
    for fact in (release(), *EDITIONS, *BASES, *(policy.payer.name for policy in policies)):
        assert fact in shown.text
    assert {"docs", "fhir/metadata", "openapi.json", "fhir/StructureDefinition", "health"} <= set(shown.addresses)
    assert "preauth token ehr-a" in shown.text
    assert f'curl -s "{ROOT}/fhir/' in shown.text


@pytest.mark.parametrize(
    ("accept", "html"),
    [("Text/HTML", True), ("*/*", False), ("application/fhir+json", False), ("text/html;q=0, */*", False), ("", False)],
)
async def test_without_html_a_client_gets_a_link_to_the_metadata(server: Server, accept: str, html: bool) -> None:
    answer = await server.http.get("/", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith("text/html") is html
    assert html or "/fhir/metadata" in issues(answer)[0]["details"]["text"]


async def test_production_names_no_client_of_the_demo(tmp_path: Path) -> None:
    async with serving(tmp_path, demo=False) as server:
        shown, _ = await page(server, "/")
    assert "ehr-a" not in shown.text
    assert "The operator of this server" in shown.text


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_every_address_on_a_page_is_served_here(server: Server, path: str) -> None:
    shown, _ = await page(server, path)
    assert not [address for address in shown.addresses if "//" in address or address.startswith("/")]
    for address in shown.addresses:
        assert (await server.http.get(f"/{address.removeprefix('./')}")).status_code == 200, address
    assert shown.open == []


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_runs_and_loads_only_files_of_this_server(server: Server, path: str) -> None:
    shown, answer = await page(server, path)
    assert shown.inline == []
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert not re.search(r"https?:|\*|unsafe-eval|script-src [^;]*unsafe", policy)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/docs"])
async def test_a_page_does_not_repeat_the_request(server: Server, path: str) -> None:
    plain, _ = await page(server, path)
    odd, _ = await page(server, f"{path}?name=<b>Marker</b>", Host="marker.example")
    assert (odd.text, odd.addresses) == (plain.text, plain.addresses)


@pytest.mark.parametrize("accept", ["application/fhir+json", "application/json", "*/*", None])
async def test_a_client_gets_a_link_to_the_metadata(server: Server, accept: str | None) -> None:
    server.http.headers.pop("accept", None)
    answer = await server.http.get("/", headers={} if accept is None else {"Accept": accept})
    [issue] = issues(answer)
    assert (answer.status_code, issue["severity"]) == (200, "information")
    assert "GET /fhir/metadata" in issue["details"]["text"]
    assert answer.headers["vary"] == "Accept"


async def test_a_file_of_a_page_is_kept_for_good_under_its_own_address_only(server: Server) -> None:
    shown, _ = await page(server, "/docs")
    assets = [address for address in shown.addresses if address.startswith("assets/")]
    assert len(assets) == 4
    for address in assets:
        answer = await server.http.get(f"/{address}")
        assert answer.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        _, _, name = address.split("/")
        assert (await server.http.get(f"/assets/000000000000/{name}")).status_code == 404
    for other in ("/assets/000000000000/..", "/assets/000000000000/router.py", "/assets/000000000000/home.html"):
        assert (await server.http.get(other)).status_code == 404


async def test_the_first_page_takes_no_other_method(server: Server) -> None:
    answer = await server.http.post("/")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
