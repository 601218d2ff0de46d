"""compose.yaml has a demo and production: known settings, confined containers, and a database with a login."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

from app.safety.check import Status
from app.safety.start import check_settings, refuse_unsafe
from app.settings import Settings, load_settings
from tests.house.code import ROOT

Json = dict[str, Any]
SERVERS = ["demo", "preauth"]
DATABASE = ["mongodb", "mongodb-key"]
PINNED = re.compile(r"[a-z]+:[\d.a-z-]+@sha256:[0-9a-f]{64}")
CHOSEN = {"PREAUTH_BASE_URL": "https://pas.payer.example", "MONGODB_PASSWORD": "word", "MONGODB_ROOT_PASSWORD": "other"}
"""Variables that the operator must set."""


@pytest.fixture(scope="module")
def compose() -> Json:
    content: Json = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return content


@pytest.fixture
def services(compose: Json) -> Json:
    services: Json = compose["services"]
    return services


def filled(text: str) -> str:
    """Fill in the variables of a value as docker compose does; a required one must be in CHOSEN."""

    def value(match: re.Match[str]) -> str:
        name, rule, rest = match.groups()
        return CHOSEN[name] if rule == ":?" else CHOSEN.get(name, rest)

    return re.sub(r"\$\{(\w+)(:\?|:-)([^}]*)\}", value, text)


def settings_of(service: Json, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings that the image and the service give the server."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, value in re.findall(r"(PREAUTH_\w+)=(\S+)", dockerfile):
        monkeypatch.setenv(name, value)
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, filled(value))
    return load_settings()


def test_there_are_a_demo_and_production_and_neither_starts_unasked(services: Json) -> None:
    assert {name: service["profiles"] for name, service in services.items()} == {
        "demo": ["demo"],
        "preauth": ["production"],
        "mongodb": ["production"],
        "mongodb-key": ["production"],
    }


def test_the_demo_starts_with_its_settings(services: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(services["demo"], monkeypatch)
    refuse_unsafe(settings)
    assert (settings.environment, settings.store) == ("demo", "sqlite")
    assert settings.base_url == "http://127.0.0.1:8000"


def test_production_starts_with_its_settings(services: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(services["preauth"], monkeypatch)
    assert settings.environment == "production"
    checks = {check.name: check.status for check in check_settings(settings) if check.status is not Status.PASS}
    # The operator makes the key in the volume with `preauth init`.
    warnings = dict.fromkeys(("TLS to MongoDB", "policies", "proxy"), Status.WARN)
    assert checks == {**warnings, "signing key": Status.FAIL}


def test_production_asks_the_operator_for_address_and_passwords() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+):\?", text)) == set(CHOSEN)
    assert not re.search(r"(?i)password: [^$]", text)


@pytest.mark.acceptance("I84")
@pytest.mark.parametrize("name", [*SERVERS, *DATABASE])
def test_each_container_is_confined(services: Json, name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp:size=64m,noexec,nosuid,nodev"]
    assert service["pids_limit"] <= 500
    assert service["mem_limit"] in ("1g", "2g")
    assert not {"privileged", "cap_add", "pid", "ipc", "devices"} & set(service)


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_has_more_time_to_stop_than_its_requests_to_finish(services: Json, name: str) -> None:
    assert int(services[name]["stop_grace_period"].removesuffix("s")) > Settings().shutdown_timeout


@pytest.mark.parametrize("name", DATABASE)
def test_the_image_of_the_database_is_pinned_and_does_not_run_as_root(services: Json, name: str) -> None:
    assert PINNED.fullmatch(services[name]["image"])
    assert services[name]["user"] == "999:999"


def test_the_database_has_a_login_and_a_key_of_its_members(services: Json, compose: Json) -> None:
    command = services["mongodb"]["command"]
    assert command[command.index("--keyFile") + 1] in services["mongodb-key"]["command"][0]
    assert "umask 277" in services["mongodb-key"]["command"][0]
    script = compose["configs"]["mongodb-user"]["content"]
    assert 'roles: [{ role: "readWrite", db: "preauth" }]' in script
    store = urlsplit(filled(services["preauth"]["environment"]["PREAUTH_STORE"]))
    assert (store.username, store.path) == ("preauth", "/preauth")
    assert store.hostname == "mongodb"
    assert command[command.index("--replSet") + 1] in store.query


def test_the_set_is_initiated_once_and_healthy_when_its_node_is_primary(services: Json) -> None:
    check, script = services["mongodb"]["healthcheck"]["test"], services["mongodb"]["healthcheck"]["test"][-1]
    assert check[:-1] == ["CMD", "mongosh", "--quiet", "--eval"]
    assert 'host: "mongodb:27017"' in script
    assert script.endswith("if (!db.hello().isWritablePrimary) { quit(1) }")
    assert is_nested(script)


def is_nested(script: str) -> bool:
    """Tell whether each bracket outside of a text is closed by its own kind, in order."""
    closing = {"{": "}", "(": ")", "[": "]"}
    expected: list[str] = []
    for character in re.sub(r'"[^"]*"', "", script):
        if character in closing:
            expected.append(closing[character])
        elif character in closing.values() and (not expected or expected.pop() != character):
            return False
    return not expected


@pytest.mark.parametrize("script", ["}{", "{(})", "{", "a)"])
def test_brackets_in_another_order_are_noticed(script: str) -> None:
    assert not is_nested(script)


def test_the_server_waits_for_the_database_and_that_for_its_key(services: Json) -> None:
    assert services["preauth"]["depends_on"] == {"mongodb": {"condition": "service_healthy"}}
    assert services["mongodb"]["depends_on"] == {"mongodb-key": {"condition": "service_completed_successfully"}}


def test_only_a_server_is_reached_from_outside_and_only_from_this_machine(compose: Json, services: Json) -> None:
    assert [services[name]["ports"] for name in SERVERS] == [["127.0.0.1:8000:8000"]] * 2
    assert all("ports" not in services[name] for name in DATABASE)
    assert services["mongodb"]["networks"] == ["database"]
    assert compose["networks"]["database"]["internal"] is True


def test_every_network_and_volume_is_declared_and_used(compose: Json, services: Json) -> None:
    volumes = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert volumes == set(compose["volumes"])
    networks = {network for service in services.values() for network in service.get("networks", ())}
    assert networks == set(compose["networks"])
