"""Settings: defaults, sources, and the sentences of refusals."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.release import release
from app.settings import Settings, SettingsRefused, load_settings
from tests.house.code import ROOT
from tests.support.environment import remove_settings
from tests.support.settings_table import settings_table

SetVariable = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def variable(monkeypatch: pytest.MonkeyPatch) -> SetVariable:
    """Remove all PREAUTH_* variables; the fixture sets one when called."""
    remove_settings(monkeypatch)
    return monkeypatch.setenv


def refusal(**given: object) -> str:
    with pytest.raises(SettingsRefused) as caught:
        load_settings(**given)
    return str(caught.value)


def test_the_default_is_a_demo_on_loopback() -> None:
    settings = load_settings()
    assert (settings.environment, settings.host, settings.port) == ("demo", "127.0.0.1", 8000)
    assert (settings.data, settings.store, settings.policy) == (Path("data"), "sqlite", None)
    assert (settings.inquiry_match, settings.requestor_match) == ("client-bound", "client-bound")


def test_a_given_option_wins_over_a_variable(variable: SetVariable) -> None:
    variable("PREAUTH_PORT", "9000")
    variable("PREAUTH_HOST", "::1")
    settings = load_settings(port=0, host=None, data=Path("elsewhere"))
    assert (settings.port, settings.host, settings.data) == (0, "::1", Path("elsewhere"))


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("PREAUTH_BASEURL", "PREAUTH_BASE_URL"),
        ("PREAUTH_INQUIRY_MATCHING", "PREAUTH_INQUIRY_MATCH"),
        ("preauth_polcy", "PREAUTH_POLICY"),
    ],
)
def test_an_unknown_variable_refuses_with_the_nearest_known_one(variable: SetVariable, name: str, nearest: str) -> None:
    variable(name, "secret-value")
    assert refusal() == f"{name.upper()} is an unknown setting. The nearest one is {nearest}."


def test_an_unknown_variable_refuses_however_the_settings_are_made(variable: SetVariable) -> None:
    variable("PREAUTH_REQUIRE_AUTH", "1")
    with pytest.raises(ValidationError, match="PREAUTH_REQUIRE_AUTH is an unknown setting"):
        Settings()


def test_all_unknown_variables_are_named_at_once(variable: SetVariable) -> None:
    variable("PREAUTH_A", "")
    variable("PREAUTH_B", "")
    assert [line.split()[0] for line in refusal().splitlines()] == ["PREAUTH_A", "PREAUTH_B"]


def test_variables_of_the_test_suite_and_of_other_programs_are_ignored(variable: SetVariable) -> None:
    variable("PREAUTH_SHARED", "/somewhere")
    variable("PREAUTHORIZE", "1")
    assert load_settings().port == 8000


@pytest.mark.acceptance("G74")
def test_a_bad_value_is_named_by_its_variable_and_never_repeated(variable: SetVariable) -> None:
    variable("PREAUTH_PORT", "hunter2")
    variable("PREAUTH_STORE", "postgres://user:hunter2@host")
    text = refusal()
    assert "PREAUTH_PORT: " in text
    assert "PREAUTH_STORE: must be sqlite, memory, or a URL" in text
    assert "hunter2" not in text


@pytest.mark.acceptance("G74")
def test_a_password_in_the_store_does_not_show_when_the_settings_are_printed() -> None:
    settings = load_settings(store="mongodb://user:hunter2@host/?replicaSet=rs0")
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("store", ["sqlite", "memory", "mongodb://h/", "mongodb+srv://h/"])
def test_each_kind_of_store_can_be_named(store: str) -> None:
    assert load_settings(store=store).store == store


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://pas.payer.example", "https://pas.payer.example"),
        ("https://pas.payer.example/", "https://pas.payer.example"),
        ("http://127.0.0.1:8000/preauth/", "http://127.0.0.1:8000/preauth"),
    ],
)
def test_a_base_url_is_kept_without_its_last_slash(given: str, kept: str) -> None:
    assert load_settings(base_url=given).base_url == kept


@pytest.mark.parametrize(
    "bad",
    [
        "pas.payer.example",
        "ftp://pas.payer.example",
        "https://",
        "https://pas.payer.example/fhir",
        "https://pas.payer.example/?tenant=1",
        "https://pas.payer.example/#top",
        "https://user:word@pas.payer.example",
        "https://[::1",
        "https://pas payer.example",
        "https://pas.payer.example?",
        "https://pas.payer.example#",
        "https://pas.payer.example/a;b",
        "https://pas.payer.example\\@evil.example",
        "https://pas.payer.example:0",
    ],
)
def test_a_base_url_that_cannot_start_a_url_is_refused(variable: SetVariable, bad: str) -> None:
    variable("PREAUTH_BASE_URL", bad)
    assert refusal().startswith("PREAUTH_BASE_URL: ")


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("none", ()),
        ("https://ehr.example", ("https://ehr.example",)),
        ("https://a.example/, https://b.example:8443", ("https://a.example", "https://b.example:8443")),
    ],
)
def test_the_origins_of_notifications_are_a_list_or_none(
    variable: SetVariable, given: str, origins: tuple[str, ...]
) -> None:
    variable("PREAUTH_HOOK_ORIGINS", given)
    assert load_settings().hook_origins == origins


@pytest.mark.parametrize(
    "bad", ["https://", "*", "https://*", "https://a b", "https://a.example/path", "NONE", "https://a.example,none"]
)
def test_a_malformed_origin_of_notifications_is_refused(variable: SetVariable, bad: str) -> None:
    variable("PREAUTH_HOOK_ORIGINS", bad)
    assert (
        refusal() == "PREAUTH_HOOK_ORIGINS: must be none, or have origins with commas between them: https://ehr.example"
    )


@pytest.mark.parametrize("name", ["PREAUTH_TRUSTED_PROXIES", "PREAUTH_OUTBOUND_NETWORKS"])
@pytest.mark.parametrize("bad", ["proxy.example", "10.0.0.1/8", "10.0.0.0/8;192.0.2.7"])
def test_a_bad_network_refuses_with_one_sentence_that_shows_a_good_one(
    variable: SetVariable, name: str, bad: str
) -> None:
    variable(name, bad)
    assert refusal() == (
        f"{name}: must have IP addresses or networks without host bits, with commas between them: 10.0.0.0/8,192.0.2.7"
    )


@pytest.mark.parametrize("bad", ["time.example", "ftp://time.example", "https://"])
def test_a_time_server_without_a_url_is_refused(variable: SetVariable, bad: str) -> None:
    variable("PREAUTH_TIME_URL", bad)
    assert refusal() == "PREAUTH_TIME_URL: must be an http:// or https:// URL"


def test_a_bad_header_for_certificates_refuses_with_an_example(variable: SetVariable) -> None:
    variable("PREAUTH_CERTIFICATE_HEADER", "Client Cert")
    assert refusal() == "PREAUTH_CERTIFICATE_HEADER: must be the name of a header in lower case, such as client-cert"


def test_an_unknown_option_is_refused() -> None:
    assert "--require-auth" in refusal(require_auth=False)


def test_a_refused_option_is_named_as_an_option(variable: SetVariable) -> None:
    assert refusal(port=99_999) == "--port: must be less than or equal to 65535"
    variable("PREAUTH_PORT", "99999")
    assert refusal() == "PREAUTH_PORT: must be less than or equal to 65535"
    assert load_settings(port=0).port == 0


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_is_an_unset_one(variable: SetVariable, name: str) -> None:
    variable(f"PREAUTH_{name.upper()}", "")
    assert load_settings() == Settings.model_construct()


def test_a_data_folder_that_is_a_file_is_refused(variable: SetVariable, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert refusal(data=file) == "--data: must be a folder, but is a file"
    variable("PREAUTH_DATA", str(file))
    assert refusal() == "PREAUTH_DATA: must be a folder, but is a file"


def test_the_table_has_a_row_with_a_description_for_each_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(Settings.model_fields)
    for row, (name, field) in zip(rows, Settings.model_fields.items(), strict=True):
        assert row.startswith(f"| `PREAUTH_{name.upper()}` |")
        assert field.description
        assert field.description.endswith(".")
        assert "\n" not in field.description
        assert row.count("|") == 4


def test_the_release_is_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert release() == project["version"]
