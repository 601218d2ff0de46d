"""Write the settings as the table of the README. `python -m tests.support.settings_table` prints it."""

from __future__ import annotations

import sys

from app.settings import Settings
from app.settings.unknown import variable_of


def settings_table() -> str:
    """Return the markdown table: a row for each setting."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else f"`{field.default}`"
        rows.append(f"| `{variable_of(name)}` | {default} | {field.description} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(f"{settings_table()}\n")
