"""Whatever goes wrong at the pages of a sign-in, the user reads a page: no JSON, no internals, the right status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.access.limiter import Limiter, Limits
from app.access.pace import Pace
from app.ports import StoreUnavailable
from app.web.smart import sign_in_routes
from tests.support.apps import AUTHORIZE, PASSWORD, Browser, asking, with_people
from tests.support.broken_store import BrokenDocuments
from tests.support.server import Server, serving

STEPS = ["", "/login", "/patient", "/consent", "/logout"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def documents() -> BrokenDocuments:
    return BrokenDocuments()


@pytest.fixture
async def browser(tmp_path: Path, documents: BrokenDocuments) -> AsyncIterator[Browser]:
    async with serving(tmp_path, documents=documents) as server:
        yield Browser(await with_people(server))
        documents.error = None


def page(answer: httpx.Response, status: int, *texts: str) -> None:
    """Check that an answer is a page that a user can read on a phone."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    assert all(text in answer.text for text in ("<h1>", 'name="viewport"', "/assets/", *texts)), answer.text
    assert not any(word in answer.text for word in ("OperationOutcome", "Traceback", "secret", "<form"))
    assert len(answer.headers.get_list("content-security-policy")) == 1
    assert "form-action 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_table_has_every_page() -> None:
    assert {route.path for route in sign_in_routes.router.routes} == {AUTHORIZE + step for step in STEPS}  # type: ignore[attr-defined]


@pytest.mark.acceptance("H80")
@pytest.mark.parametrize("step", STEPS)
async def test_a_wrong_method_is_answered_with_a_page(server: Server, step: str) -> None:
    right = {"POST"} if step else {"GET", "HEAD", "POST"}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - right:
        answer = await server.http.request(method, AUTHORIZE + step)
        page(answer, 405, "This page cannot be opened in this way")
        assert set(answer.headers["allow"].split(", ")) == right


@pytest.mark.parametrize("path", ["/", "/none", "/login/"])
async def test_an_unknown_path_is_answered_with_a_page(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        page(await server.http.request(method, AUTHORIZE + path), 404, "This page does not exist")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ("a=" + "x" * 70_000, "application/x-www-form-urlencoded", 413),
        ("a=1&" * 2000, "application/x-www-form-urlencoded", 400),
        ("a=%FF", "application/x-www-form-urlencoded", 400),
        ("{}", "application/json", 415),
        ("--x--", "multipart/form-data; boundary=x", 415),
        ("a=1", "", 415),
    ],
)
async def test_a_form_that_cannot_be_read_is_answered_with_a_page(
    server: Server, step: str, content: str, media_type: str, status: int
) -> None:
    answer = await server.http.post(AUTHORIZE + step, content=content, headers={"Content-Type": media_type})
    page(answer, status, "This form ", "Go back to the app and sign in again.")


@pytest.mark.parametrize("content", ["", "csrf=&request=", "csrf=" + "0" * 64, "request=%00&csrf=%00"])
@pytest.mark.parametrize("step", STEPS[1:])
async def test_a_form_of_no_page_is_answered_with_a_page(server: Server, step: str, content: str) -> None:
    answer = await server.http.post(AUTHORIZE + step, content=content, headers=FORM)
    page(answer, 403, "This page has expired")


@pytest.mark.parametrize(
    "query", ["", "client_id=%FF", "a=1&" * 40, "client_id=" + "x" * 9000, "client_id=a&client_id=b"]
)
async def test_a_request_that_names_no_app_is_answered_with_a_page(server: Server, query: str) -> None:
    page(await server.http.get(f"{AUTHORIZE}?{query}"), 400, "This sign-in cannot start")


@pytest.mark.acceptance("F67")
async def test_an_outage_of_the_store_is_answered_with_a_page(browser: Browser, documents: BrokenDocuments) -> None:
    for answer in await every_step(browser, documents, StoreUnavailable("secret")):
        page(answer, 503, "This page is not available now", "Demo server")
        assert int(answer.headers["retry-after"]) > 0


async def test_an_unexpected_failure_is_answered_with_a_page_and_a_number(
    browser: Browser, documents: BrokenDocuments
) -> None:
    for answer in await every_step(browser, documents, ValueError("secret of the inside")):
        page(answer, 500, "Something went wrong on this server", answer.headers["x-request-id"])


async def every_step(browser: Browser, documents: BrokenDocuments, error: Exception) -> list[httpx.Response]:
    """Send every form of a sign-in, and open its first page, while the store fails."""
    await browser.open()
    login = [*browser.page.forms[f"{AUTHORIZE}/login"], ("user", "mary"), ("password", PASSWORD)]
    await browser.log_in()
    own = [*browser.page.forms[f"{AUTHORIZE}/consent"], ("decision", "allow"), ("member", "M001")]
    documents.error = error
    browser.server.clock.move(minutes=5)  # past the time that registered clients are remembered
    return [
        await browser.open(),
        *[await browser.send(step, own) for step in ("patient", "consent")],
        await browser.send("login", [own[0], *login[1:]]),
        await browser.send("logout", own),
    ]


@pytest.mark.acceptance("H81")
@pytest.mark.parametrize("step", [*STEPS, "/none"])
async def test_a_visitor_who_asks_too_often_reads_a_page(tmp_path: Path, step: str) -> None:
    once = Pace(0.001, 1)
    limits = Limits(client=once, concurrent=9, address=once, failures=once)
    async with serving(tmp_path, limiter=Limiter(limits)) as server:
        answers = [await server.http.post(AUTHORIZE + step, content="", headers=FORM) for _ in range(2)]
    page(answers[-1], 429, "Too many requests")
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_pages_below_a_path_of_a_proxy_find_their_styles(tmp_path: Path) -> None:
    async with serving(tmp_path, root="https://preauth.test/pas") as server:
        answer = await server.http.get(f"{AUTHORIZE}/none")
    assert 'href="/pas/assets/' in answer.text


async def test_a_sign_in_still_works_after_the_outage(browser: Browser, documents: BrokenDocuments) -> None:
    documents.error = StoreUnavailable()
    assert (await browser.server.http.get(AUTHORIZE, params=asking())).status_code == 503
    documents.error = None
    assert len(await browser.code()) == 43
