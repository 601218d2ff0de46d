"""A member opens an app, signs in, consents, and the SMART JavaScript client reads the member's authorizations."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.process import bearer, server_process
from tests.support.registering import add_patient, add_patient_app
from tests.support.samples import request_bundle

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("programs of others")]

CLIENT, USER, PASSWORD = "my-authorizations", "mary", "correct horse battery staple"
SCOPES = ("launch/patient", "patient/*.rs", "openid", "fhirUser", "offline_access")
DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=640)


@pytest.fixture(scope="module")
def payer(tmp_path_factory: pytest.TempPathFactory, app: str) -> Iterator[tuple[str, str]]:
    """Serve one member with one approved request; yield the FHIR base and the authorization number."""
    folder = tmp_path_factory.mktemp("payer")
    with server_process(folder) as server:
        headers = {"Authorization": bearer(folder, "ehr-a"), "Content-Type": "application/fhir+json"}
        answer = httpx.post(f"{server.url}/Claim/$submit", json=request_bundle(), headers=headers, trust_env=False)
        add_patient_app(folder, CLIENT, f"{app}/index.html", *SCOPES)
        add_patient(folder, USER, "sample-payer/M001", PASSWORD)
        yield server.url, answer.json()["entry"][0]["resource"]["preAuthRef"]


def launched(browser: Browser, app: str, base: str, viewport: ViewportSize) -> Page:
    """Open the app as a bookmark does; it leads to the sign-in page of the payer."""
    page = browser.new_context(viewport=viewport).new_page()
    page.goto(f"{app}/launch.html?{urlencode({'iss': base, 'client': CLIENT, 'scope': ' '.join(SCOPES)})}")
    return page


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("User name").fill(USER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_member_signs_in_and_sees_the_authorizations(
    browser: Browser, app: str, payer: tuple[str, str], viewport: ViewportSize
) -> None:
    base, number = payer
    page = launched(browser, app, base, viewport)
    sign_in(page)
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("status")).to_have_text("Member: M001")
    expect(page.get_by_role("listitem")).to_have_text([number])


def test_a_wrong_password_is_explained_on_the_page(browser: Browser, app: str, payer: tuple[str, str]) -> None:
    page = launched(browser, app, payer[0], DESK)
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("User name")).to_be_visible()


def test_an_app_that_is_denied_gets_nothing(browser: Browser, app: str, payer: tuple[str, str]) -> None:
    page = launched(browser, app, payer[0], DESK)
    sign_in(page)
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("status")).to_contain_text("Failed")
    assert page.get_by_role("listitem").count() == 0


def test_no_page_is_wider_than_a_phone(browser: Browser, app: str, payer: tuple[str, str]) -> None:
    page = launched(browser, app, payer[0], PHONE)
    page.get_by_label("User name").wait_for()
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    sign_in(page)
    page.get_by_role("button", name="Allow").wait_for()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    assert widths == [PHONE["width"], PHONE["width"]]
