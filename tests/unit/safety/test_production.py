"""Production refuses to start until each setting is said, and names all that is missing at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.composition import build_system
from app.safety.check import Status
from app.safety.data_folder import claim_folder
from app.safety.production import LARGEST, check_production
from app.safety.signing_key import KEY_FILE
from app.safety.start import refuse_unsafe
from app.settings import SettingsRefused, load_settings
from tests.support.environment import remove_settings
from tests.support.production import PRODUCTION


@pytest.fixture(autouse=True)
def _folder_with_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remove_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)
    claim_folder(Path("data"), "production")
    Path("data", KEY_FILE).touch()


def refusals(**given: object) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        refuse_unsafe(load_settings(**given))
    return str(refused.value).splitlines()


def test_production_starts_with_complete_settings() -> None:
    settings = load_settings(**PRODUCTION)
    refuse_unsafe(settings)
    assert {check.status for check in check_production(settings)} == {Status.PASS}


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"clock_offset": 60}, "PREAUTH_CLOCK_OFFSET must be unset"),
        ({"inquiry_match": "body-only"}, "PREAUTH_INQUIRY_MATCH must be client-bound"),
        ({"inquiry_selects": "identity"}, "PREAUTH_INQUIRY_SELECTS must be criteria"),
        ({"requestor_match": "any"}, "PREAUTH_REQUESTOR_MATCH must be client-bound"),
        ({"store": "memory"}, "PREAUTH_STORE must name a store that lasts"),
        ({"store": None}, "PREAUTH_STORE must name a store that lasts"),
        ({"base_url": "http://pas.payer.example"}, "PREAUTH_BASE_URL must be the public https:// address"),
        ({"base_url": None}, "PREAUTH_BASE_URL must be the public https:// address"),
        ({"authorization_server": "off"}, "PREAUTH_AUTHORIZATION_SERVER is off"),
        ({"trusted_proxies": "10.0.0.4,0.0.0.0/0"}, "PREAUTH_TRUSTED_PROXIES must not have every address"),
        ({"trusted_proxies": "::/0"}, "PREAUTH_TRUSTED_PROXIES must not have every address"),
        ({"hook_origins": None}, "PREAUTH_HOOK_ORIGINS must list the origins"),
        ({"hook_origins": ("http://ehr.example",)}, "PREAUTH_HOOK_ORIGINS must have https:// origins only"),
    ],
)
def test_production_refuses_a_setting_that_is_safe_only_in_a_demo(unsafe: dict[str, object], named: str) -> None:
    [line] = refusals(**{**PRODUCTION, **unsafe})
    assert line.startswith(named)


def test_all_missing_settings_are_named_at_once_with_their_remedies() -> None:
    Path("data", KEY_FILE).unlink()
    lines = refusals(environment="production")
    assert [line.split()[0] for line in lines] == [
        "PREAUTH_BASE_URL",
        "data",
        "PREAUTH_STORE",
        "PREAUTH_HOOK_ORIGINS",
    ]
    assert all(line.count(".") >= 2 for line in lines), "a line has a finding and a remedy"


@pytest.mark.parametrize("name", LARGEST)
def test_a_limit_without_bound_is_refused(name: str) -> None:
    wide = {**PRODUCTION, **{other: most for other, most in LARGEST.items() if "inflight" in other}}
    lines = refusals(**{**wide, name: LARGEST[name] + 1})
    assert f"PREAUTH_{name.upper()} at most {LARGEST[name]:,}" in lines[0]


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://preauth:word@db/?replicaSet=rs0",
        "mongodb://preauth:word@db/?tls=false",
        "mongodb://preauth:word@db/?tls=true&ssl=false",
        "mongodb+srv://preauth:word@db/?tls=false",
    ],
)
def test_a_connection_to_mongodb_without_tls_needs_an_explicit_word(url: str) -> None:
    [line] = refusals(**{**PRODUCTION, "store": url})
    assert line.startswith("PREAUTH_STORE must use TLS to reach MongoDB.")
    assert "word@" not in line
    settings = load_settings(**{**PRODUCTION, "store": url, "mongodb_transport": "trusted-network"})
    refuse_unsafe(settings)
    assert Status.WARN in {check.status for check in check_production(settings)}


@pytest.mark.parametrize("url", ["mongodb://u:w@db/?tls=true", "mongodb+srv://u:w@db/", "mongodb://u:w@db/?ssl=true"])
def test_a_connection_to_mongodb_with_tls_starts(url: str) -> None:
    refuse_unsafe(load_settings(**{**PRODUCTION, "store": url}))


def test_a_mongodb_without_a_login_is_refused() -> None:
    [line] = refusals(**{**PRODUCTION, "store": "mongodb://db/?tls=true"})
    assert line.startswith("PREAUTH_STORE must log in to MongoDB.")


def test_a_system_cannot_be_built_of_unsafe_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="PREAUTH_HOOK_ORIGINS"):
        build_system(load_settings(environment="production", data=tmp_path / "new"))
    assert not (tmp_path / "new").exists()
