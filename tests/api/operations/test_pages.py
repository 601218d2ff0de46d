"""The commands and files on the pages about tokens work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.access.outbound.endpoint import OutboundRules
from app.registry.issuers_file import read_issuers
from app.registry.udap_file import read_udap
from tests.house.code import ROOT
from tests.support.process import server_process

TOKENS = (ROOT / "docs" / "tokens.md").read_text(encoding="utf-8")
ISSUERS, UDAP = re.findall(r"```yaml\n(.*?)```", TOKENS, re.DOTALL)
PRELUDE = """\
preauth() { "$PYTHON" -m app.cli "$@"; }
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not all(map(shutil.which, ("curl", "openssl", "basenc"))), reason="curl, openssl or basenc is not installed"
)
def test_a_backend_service_gets_a_token_with_openssl(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PREAUTH_")}
    with server_process(data) as server:
        script = PRELUDE + "".join(re.findall(r"```sh\n(.*?)```", TOKENS, re.DOTALL))
        done = subprocess.run(
            ["sh", "-eu"],
            check=False,
            input=script.replace("http://127.0.0.1:8000", server.url.removesuffix("/fhir")),
            capture_output=True,
            text=True,
            env={**plain, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "PREAUTH_DATA": str(data)},
            cwd=tmp_path,
        )
    assert done.returncode == 0, done.stderr + done.stdout
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["scope"] == "system/Claim.cs system/ClaimResponse.rs"
    assert answer["expires_in"] == 300


def test_the_example_of_a_file_of_issuers_is_read(tmp_path: Path) -> None:
    (tmp_path / "issuers.yaml").write_text(ISSUERS, encoding="utf-8")
    [issuer] = read_issuers(tmp_path / "issuers.yaml", OutboundRules())
    assert issuer.audience == "https://pas.payer.example/fhir"


def test_the_example_of_a_udap_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "udap.yaml").write_text(UDAP, encoding="utf-8")
    udap = read_udap(tmp_path / "udap.yaml")
    assert udap.organizations == {"https://ehr.example/fhir": ("acme",)}
    assert udap.organization_ids == {"https://ehr.example/organizations/a": "acme"}
