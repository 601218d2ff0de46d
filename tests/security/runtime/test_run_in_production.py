"""The commands of the README lead from an empty folder to a served client, and from a backup to a restored folder."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app.policy.loading import SHIPPED_POLICIES
from app.safety.data_folder import mode_of_folder
from tests.house.code import ROOT
from tests.support.environment import plain_environment

README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## Run in production") : README.index("## Operations")]
PREPARE, CALL, BACK_UP = re.findall(r"```bash\n(.*?)```", SECTION, re.DOTALL)
BETWEEN = "====="

PRELUDE = """\
preauth() { "$PYTHON" -m app.cli "$@"; }
python3() { "$PYTHON" "$@"; }
"""
SERVE = """\
"$PYTHON" -m app.cli serve --port "$PORT" > ready.txt 2> server.log &
server=$!
trap 'kill "$server"' EXIT
until grep -q ready ready.txt; do kill -0 "$server"; sleep 0.1; done
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_commands_lead_from_an_empty_folder_to_a_served_client(tmp_path: Path) -> None:
    port = free_port()
    prepare = PREPARE.replace("/var/lib/preauth", str(tmp_path / "data"))
    prepare = prepare.replace("/etc/preauth/policies", str(SHIPPED_POLICIES)).replace("preauth serve\n", SERVE)
    call = CALL.replace(":8000", f":{port}")
    script = f"\necho; echo {BETWEEN}\n".join((PRELUDE + prepare, call, BACK_UP))
    plain = plain_environment()
    surroundings = {**plain, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "PORT": str(port)}
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        check=False,
        input=script,
        capture_output=True,
        text=True,
        env=surroundings,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    examined, answer, backed_up = done.stdout.split(BETWEEN)
    assert "fail  " not in examined
    assert " 0 failed." in examined
    assert '"resourceType":"Bundle"' in answer
    assert '"type":"searchset"' in answer
    assert "mode production" in backed_up
    assert mode_of_folder(tmp_path / "restored") == "production"


@pytest.mark.acceptance("I86")
@pytest.mark.parametrize(
    "subject", ["Encryption at rest", "Signing keys", "Users", "Issuers and UDAP", "Retention", "Clock", "Supply chain"]
)
def test_the_security_page_lists_the_duties_of_the_operator(subject: str) -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    section = " ".join(
        page[page.index("## What the operator protects") : page.index("## What counts as a vulnerability")].split()
    )
    assert f"**{subject}" in section
    assert "If the key is lost" in section
    assert "the six months after the end of the service" in section
