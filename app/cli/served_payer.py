"""The argument of a command that names a payer, and its check."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.registry.store import Refused
from app.ports import Documents
from app.records.installation.payers import served_payers

Payer = Annotated[
    str, typer.Argument(help="The payer, by the name of its policy.", show_default=False, metavar="PAYER")
]


async def check_served(documents: Documents, payer: str) -> None:
    """Raise Refused for a payer that the store never served: its zeros would be no figures."""
    payers = await served_payers(documents)
    if payer not in payers:
        known = f"The payers are {', '.join(payers)}." if payers else "No server has used the store yet."
        raise Refused(f"The store has no payer {payer}. {known}")
