"""compose.yaml has known settings, a replica set that initializes itself, and a private database."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ruamel.yaml import YAML

from app.settings import load_settings
from tests.house.code import ROOT

Json = dict[str, Any]


@pytest.fixture(scope="module")
def compose() -> Json:
    found: Json = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def preauth(compose: Json) -> Json:
    found: Json = compose["services"]["preauth"]
    return found


@pytest.fixture
def mongodb(compose: Json) -> Json:
    found: Json = compose["services"]["mongodb"]
    return found


def test_there_are_the_server_and_its_database(compose: Json) -> None:
    assert set(compose["services"]) == {"preauth", "mongodb"}
    assert set(compose) == {"name", "services", "networks", "volumes"}


def test_the_server_starts_with_the_settings_of_its_environment(preauth: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in preauth["environment"].items():
        assert name.startswith("PREAUTH_")
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.store == preauth["environment"]["PREAUTH_STORE"]
    assert settings.base_url == "http://127.0.0.1:8000"


def test_the_server_names_the_replica_set_of_the_database(preauth: Json, mongodb: Json) -> None:
    store = urlsplit(preauth["environment"]["PREAUTH_STORE"])
    [name] = parse_qs(store.query)["replicaSet"]
    command = mongodb["command"]
    assert command[command.index("--replSet") + 1] == name
    check, script = mongodb["healthcheck"]["test"], mongodb["healthcheck"]["test"][-1]
    assert check[:-1] == ["CMD", "mongosh", "--quiet", "--eval"]
    assert f'_id: "{name}"' in script
    assert f'host: "{store.netloc}"' in script
    assert store.hostname == "mongodb"


def test_the_set_is_initiated_once_and_healthy_when_its_node_is_primary(mongodb: Json) -> None:
    script = mongodb["healthcheck"]["test"][-1]
    assert re.fullmatch(r"try \{ rs\.status\(\) \} catch \(error\) \{ rs\.initiate\(.*\) \}; if \(.*\) \{.*\}", script)
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


def test_the_server_waits_for_the_database_and_keeps_its_key(preauth: Json) -> None:
    assert preauth["depends_on"] == {"mongodb": {"condition": "service_healthy"}}
    assert f"signing-key:{preauth['environment']['PREAUTH_DATA']}" in preauth["volumes"]


def test_only_the_server_is_reached_from_outside_and_only_from_this_machine(compose: Json) -> None:
    services, networks = compose["services"], compose["networks"]
    assert services["preauth"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["mongodb"]
    assert services["mongodb"]["networks"] == ["database"]
    assert networks["database"]["internal"] is True


def test_every_network_and_volume_is_declared_and_used(compose: Json) -> None:
    services = compose["services"].values()
    volumes = {volume.partition(":")[0] for service in services for volume in service["volumes"]}
    assert volumes == set(compose["volumes"])
    assert {network for service in services for network in service["networks"]} == set(compose["networks"])


def test_the_image_is_built_from_the_dockerfile_and_listens_where_it_is_published(preauth: Json) -> None:
    assert preauth["build"] == "."
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    published = preauth["ports"][0].rpartition(":")[2]
    assert f"EXPOSE {published}\n" in dockerfile
    assert f"VOLUME {preauth['environment']['PREAUTH_DATA']}\n" in dockerfile
