"""Register clients and users with the command line, as an operator does, while a server runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.house.code import ROOT
from tests.support.backend import Backend
from tests.support.environment import plain_environment


def preauth(data: Path, *words: str, typed: str = "") -> str:
    """Run a command of preauth on a data folder, and return what it prints."""
    surroundings = plain_environment()
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words, "--data", str(data)],
        check=False,
        input=typed,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=surroundings,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def add_backend(data: Path, backend: Backend, organization: str, scope: str = "system/*.cruds") -> None:
    """Register a backend service of an organization by its public key."""
    keys = data / f"{backend.client}.jwks.json"
    keys.write_text(json.dumps(backend.jwks), encoding="utf-8")
    preauth(
        data, "client", "add", backend.client, "--organization", organization, "--scope", scope, "--jwks", str(keys)
    )


def add_patient_app(data: Path, client: str, redirect_uri: str, *scopes: str) -> None:
    """Register a public app for patients."""
    requested = [word for scope in scopes for word in ("--scope", scope)]
    grants = ("--grant", "authorization_code", "--grant", "refresh_token")
    options = ("--role", "patient", "--auth", "none", "--redirect-uri", redirect_uri, *grants, *requested)
    preauth(data, "client", "add", client, "--name", "My authorizations", *options)


def add_patient(data: Path, user: str, member: str, password: str) -> None:
    """Register a member who signs in with a password."""
    preauth(data, "user", "add", user, "--role", "patient", "--member", member, typed=f"{password}\n")
