"""`preauth client`, `organization` and `user` change the store of the settings, and refuse before they write."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey
from typer.testing import CliRunner, Result

from app.access.smart.secret import is_secret
from app.cli import app
from app.cli.ending import CANNOT_START, CANNOT_USE
from app.registry.key_pair import new_key_pair
from tests.support.environment import remove_settings

SCOPE = ("--scope", "system/Claim.cs")
ACME = ("organization", "add", "acme", "--npi", "1234567893")
EHR = ("client", "add", "ehr", "--organization", "acme", *SCOPE)
SECRET = ("--auth", "client_secret_basic")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    remove_settings(monkeypatch)
    monkeypatch.setenv("PREAUTH_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def run(*words: str, input_: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=input_)


def done(*words: str, input_: str | None = None) -> str:
    result = run(*words, input_=input_)
    assert result.exit_code == 0, result.output
    return result.stdout


def json_of(*words: str) -> Any:
    return json.loads(done(*words, "--json"))


def refusal(*words: str, code: int = CANNOT_USE) -> str:
    result = run(*words)
    assert result.exit_code == code, result.output
    return result.stderr


def test_the_private_key_of_a_new_client_is_in_a_file_only(tmp_path: Path) -> None:
    done(*ACME)
    added = json_of(*EHR)
    file = tmp_path / "ehr.private-key.json"
    private = json.loads(file.read_text(encoding="utf-8"))
    assert added["private_key_file"] == "ehr.private-key.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert private["d"] not in json.dumps(added)
    [public] = json_of("client", "show", "ehr")["jwks"]["keys"]
    assert ECKey.import_key(private).as_dict(private=False)["x"] == public["x"]


def test_the_secret_of_a_new_client_is_printed_once(tmp_path: Path) -> None:
    done(*ACME)
    added = json_of(*EHR, *SECRET)
    assert len(added["secret"]) >= 43
    assert added["secret"] not in done("client", "show", "ehr")
    assert "scrypt" not in done("client", "show", "ehr", "--json")
    assert not (tmp_path / "ehr.private-key.json").exists()


def test_a_client_brings_its_keys_as_a_file_or_an_address(tmp_path: Path) -> None:
    done(*ACME)
    _, jwks = new_key_pair("its-own")
    (tmp_path / "keys.json").write_text(json.dumps(jwks), encoding="utf-8")
    assert json_of(*EHR, "--jwks", "keys.json")["jwks"] == jwks
    url = "https://ehr.example/jwks"
    other = ("client", "add", "other", "--organization", "acme", *SCOPE)
    assert json_of(*other, "--jwks", url)["jwks_uri"] == url
    assert not list(tmp_path.glob("*.private-key.json"))


def test_a_client_with_every_option_is_registered_as_given() -> None:
    done(*ACME)
    added = json_of(
        *("client", "add", "portal", "--name", "Portal", "--organization", "acme", "--auth", "none"),
        *("--grant", "authorization_code", "--redirect-uri", "https://portal.example/back", "--scope", "openid"),
        *("--origin", "https://portal.example", "--hook", "https://hook.example"),
        *("--certificate", "cmFuZG9tIHRodW1icHJpbnQgb2YgYSBjZXJ0aWZpY2E"),
    )
    assert added == {
        "id": "portal",
        "name": "Portal",
        "role": "provider",
        "organizations": ["acme"],
        "scopes": ["openid"],
        "grants": ["authorization_code"],
        "auth": "none",
        "redirect_uris": ["https://portal.example/back"],
        "origins": ["https://portal.example"],
        "hooks": ["https://hook.example"],
        "certificates": ["cmFuZG9tIHRodW1icHJpbnQgb2YgYSBjZXJ0aWZpY2E"],
        "source": "command",
        "disabled": False,
        "has_secret": False,
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--organization", "nowhere", *SCOPE), "The organization nowhere is unknown or disabled. Register it: "),
        (("--organization", "acme", "--scope", "sytem/Claim.c"), "--scope must have scopes that the server can"),
        (("--role", "reviewer", *SCOPE), "--payer is required for the role reviewer."),
        (("--organization", "acme", *SCOPE, "--jwks", "missing.json"), "--jwks must name a readable file"),
        (("--organization", "acme", *SCOPE, "--jwks", "http://a.example"), "--jwks must have https:// URLs"),
        (("--role", "patient", *SCOPE, "--member", "M001"), "--member"),
    ],
)
def test_a_wrong_client_is_refused_before_anything_is_written(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    done(*ACME)
    assert sentence in refusal("client", "add", "ehr", *words)
    assert json_of("client", "list") == []
    assert not list(tmp_path.glob("*.private-key.json"))


def test_a_taken_id_is_refused_and_leaves_no_key(tmp_path: Path) -> None:
    done(*ACME)
    done(*EHR, *SECRET)
    assert "The client ehr is registered already" in refusal(*EHR)
    assert not list(tmp_path.glob("*.private-key.json"))
    taken = ("user", "add", "ehr", "--role", "provider", "--organization", "acme", "--generate")
    assert "a user must not have the id of a client" in refusal(*taken)


def test_a_key_file_of_earlier_is_never_overwritten(tmp_path: Path) -> None:
    done(*ACME)
    (tmp_path / "ehr.private-key.json").write_text("earlier", encoding="utf-8")
    assert "ehr.private-key.json exists already" in refusal(*EHR)
    assert (tmp_path / "ehr.private-key.json").read_text(encoding="utf-8") == "earlier"


def test_a_rotated_secret_stays_valid_for_the_overlap() -> None:
    done(*ACME)
    first = json_of(*EHR, *SECRET)["secret"]
    second = json_of("client", "rotate", "ehr", "--overlap", "2")
    assert second["secret"] != first
    assert second["previous_valid_until"] > 0
    assert "previous_valid_until" not in json_of("client", "rotate", "ehr", "--overlap", "0")


def test_rotated_keys_have_a_kid_of_their_own(tmp_path: Path) -> None:
    done(*ACME)
    before = json_of(*EHR)["jwks"]["keys"]
    (tmp_path / "ehr.private-key.json").rename(tmp_path / "old.json")
    after = json_of("client", "rotate", "ehr")
    assert after["jwks"]["keys"][0]["kid"] != before[0]["kid"]
    assert after["private_key_file"] == "ehr.private-key.json"
    (tmp_path / "same.json").write_text(json.dumps(after["jwks"]), encoding="utf-8")
    assert "--jwks must have keys with a new kid" in refusal("client", "rotate", "ehr", "--jwks", "same.json")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--jwks", "https://ehr.example/jwks"), "publishes its keys at https://ehr.example/jwks"),
        (("--issuer", "https://login.example"), "There is no client ehr"),
        (
            ("--auth", "none", "--grant", "authorization_code", "--redirect-uri", "https://a.example/b"),
            "The client ehr is public",
        ),
    ],
)
def test_a_client_without_credentials_here_cannot_rotate(options: tuple[str, ...], sentence: str) -> None:
    done(*ACME)
    done(*EHR, *options)
    assert sentence in refusal("client", "rotate", "ehr")


def test_a_disabled_client_is_listed_and_can_be_enabled() -> None:
    done(*ACME)
    done(*EHR, *SECRET)
    done("client", "disable", "ehr")
    assert [row["disabled"] for row in json_of("client", "list")] == [True]
    assert "disabled" in done("client", "list")
    done("client", "enable", "ehr")
    assert [row["disabled"] for row in json_of("client", "list")] == [False]


def test_an_organization_in_use_is_not_removed() -> None:
    done(*ACME)
    done(*EHR, *SECRET)
    assert "The organization acme is in use by ehr" in refusal("organization", "remove", "acme", "--yes")
    done("client", "remove", "ehr", "--yes")
    done("organization", "remove", "acme", "--yes")
    assert json_of("organization", "list") == []


@pytest.mark.parametrize("words", ["show x", "disable x", "enable x", "remove x --yes", "rotate x"])
def test_an_unknown_client_is_refused(words: str) -> None:
    assert "There is no client x. List them: preauth client list." in refusal("client", *words.split())


def test_a_user_gets_a_password_by_prompt_or_by_chance() -> None:
    dana = ("user", "add", "dana", "--role", "reviewer", "--payer", "sample-payer")
    assert "12 to 256 characters" in run(*dana, input_="short\nshort\n").stderr
    assert json_of("user", "list") == []
    typed = "correct horse battery\n"
    assert "correct" not in done(*dana, input_=typed * 2)
    generated = json_of("user", "password", "dana", "--generate")
    assert len(generated["password"]) >= 43
    assert generated["has_password"]


def test_staff_of_an_unknown_payer_is_a_warning() -> None:
    added = run("user", "add", "dana", "--role", "reviewer", "--payer", "northwind", "--generate")
    assert added.exit_code == 0
    assert "The user dana is for northwind, but the policies here are sample-payer, second-payer." in added.stderr


def test_hooks_outside_the_allow_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_HOOK_ORIGINS", "https://ehr.example")
    done(*ACME)
    assert "within PREAUTH_HOOK_ORIGINS" in refusal(*EHR, "--hook", "https://other.example")
    done(*EHR, *SECRET, "--hook", "https://ehr.example")


def test_a_store_in_memory_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREAUTH_STORE", "memory")
    assert "must not be memory" in refusal("client", "list")


def test_an_unusable_store_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "preauth.sqlite3").write_bytes(b"junk" * 500)
    assert refusal("client", "list", code=CANNOT_START).count("\n") == 1


def test_a_hash_for_the_file_fits_the_secret() -> None:
    stored = done("hash-secret", input_="its secret\n" * 2).split()[-1]
    assert is_secret("its secret", stored)
