"""Shell lines that repeat the demo by hand against a running server."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from app.demo.messages import SAMPLES
from app.registry.demo_credentials import FOLDER as CREDENTIALS
from app.settings import Settings

REQUEST = SAMPLES / "request-approve.json"
BILL = SAMPLES / "bill.json"


def by_hand() -> str:
    """Return the lines: get a token, submit a request, bill with its number, and search by the number.

    The bill is that of the README, so that a reader of both gets one answer twice.
    """
    return f"""\
FHIR=http://127.0.0.1:8000/fhir
TOKEN=$({program()} token ehr-a)

# Request twelve units of physical therapy. Send it again, and the server returns the same answer.
ANSWER=$(curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/fhir+json" \\
    --data-binary @{_shown(REQUEST)} "$FHIR/Claim/\\$submit")
NUMBER=$(printf '%s' "$ANSWER" | sed 's/.*"preAuthRef":"\\([^"]*\\)".*/\\1/'); echo "$NUMBER"

# Bill four of the units with the authorization number, on its first day.
BILLER=$({program()} token biller)
DAY=$(printf '%s' "$ANSWER" | sed 's/.*"preAuthPeriod":{{"start":"\\([^"]*\\)".*/\\1/')
sed -e "s/NUMBER/$NUMBER/" -e "s/2026-12-15/$DAY/" {_shown(BILL)} |
    curl -s -H "Authorization: Bearer $BILLER" -H "Content-Type: application/fhir+json" \\
    --data-binary @- "$FHIR/Claim/\\$submit"; echo

# Search by the number: the authorization and the answer to the bill.
curl -s -H "Authorization: Bearer $TOKEN" "$FHIR/ClaimResponse?pre-auth-ref=$NUMBER" |
    python3 -m json.tool"""


def shell_lines(settings: Settings, base: str) -> str:
    """Return the lines that set FHIR and TOKEN in another shell in the current folder."""
    clock = f"PREAUTH_CLOCK_OFFSET={settings.clock_offset} " if settings.clock_offset else ""
    return f"""\
# For another shell:
export FHIR={base}
export TOKEN=$({clock}{command("token ehr-a", settings.data)})
# The keys of the demo's clients and the passwords of its users are in {_shown(settings.data / CREDENTIALS)}."""


def program() -> str:
    """Return the command that starts `preauth` from the current folder."""
    on_path = shutil.which("preauth")
    beside = Path(sys.executable).with_name("preauth")
    if not beside.exists():
        return "preauth" if on_path else f"{_shown(Path(sys.executable))} -m app.cli"
    return "preauth" if on_path and beside.samefile(on_path) else _shown(beside)


def command(words: str, data: Path) -> str:
    """Return the preauth command `words` for a data folder, quoted for a shell in the current folder."""
    folder = "" if data == Settings.model_fields["data"].default else f" --data {_shown(data)}"
    return f"{program()} {words}{folder}"


def _shown(path: Path) -> str:
    """Return the path relative to the current folder if possible, quoted for a shell."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
