"""The same by hand: lines for a shell, against a server that is running."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from datetime import date
from pathlib import Path

from app.demo.messages import SAMPLES
from app.settings import Settings

REQUEST = SAMPLES / "request-approve.json"
BILL = SAMPLES / "bill.json"


def by_hand(today: date) -> str:
    """Return the lines: a token, a request that is approved, its number, a bill with it, both sides of the link."""
    return f"""\
FHIR=http://127.0.0.1:8000/fhir
TOKEN=$({program()} token ehr-a)

# ask for twelve units of physical therapy (sent again, it gets the same answer)
ANSWER=$(curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/fhir+json" \\
    --data-binary @{_shown(REQUEST)} "$FHIR/Claim/\\$submit")
NUMBER=$(printf '%s' "$ANSWER" | sed 's/.*"preAuthRef":"\\([^"]*\\)".*/\\1/'); echo "$NUMBER"

# bill four of them with the number; the answer comes at once
sed "{_filled_in(today)}" {_shown(BILL)} |
    curl -s -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/fhir+json" \\
    --data-binary @- "$FHIR/Claim/\\$submit"; echo

# what carries the number: the authorization, and the answer to the bill
curl -s -H "Authorization: Bearer $TOKEN" "$FHIR/ClaimResponse?pre-auth-ref=$NUMBER" |
    python3 -m json.tool"""


def shell_lines(settings: Settings, base: str) -> str:
    """Return the lines by which another shell in the current folder can talk to a server of these settings."""
    clock = f"PREAUTH_CLOCK_OFFSET={settings.clock_offset} " if settings.clock_offset else ""
    return f"""\
# for another shell:
export FHIR={base}
export TOKEN=$({clock}{command("token ehr-a", settings.data)})"""


def program() -> str:
    """Return how `preauth` is called from the current folder."""
    on_path = shutil.which("preauth")
    beside = Path(sys.executable).with_name("preauth")
    if not beside.exists():
        return "preauth" if on_path else f"{_shown(Path(sys.executable))} -m app.cli"
    return "preauth" if on_path and beside.samefile(on_path) else _shown(beside)


def command(words: str, data: Path) -> str:
    """Return that command of preauth for a data folder, as it is typed in a shell in the current folder."""
    folder = "" if data == Settings.model_fields["data"].default else f" --data {_shown(data)}"
    return f"{program()} {words}{folder}"


def _filled_in(today: date) -> str:
    """Return the sed expressions that fill in the sample bill: the number, and a day within what is granted."""
    serviced = json.loads(BILL.read_text(encoding="utf-8"))["item"][0]["servicedDate"]
    changes = ["s/NUMBER/$NUMBER/"]
    if serviced < today.isoformat():
        changes.append(f"s/{serviced}/{today.isoformat()}/")
    return "; ".join(changes)


def _shown(path: Path) -> str:
    """Return the path as it is typed from the current folder."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
