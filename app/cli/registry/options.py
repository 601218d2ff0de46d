"""Options of the commands about clients, organizations and users."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from app.access.grant import Role
from app.access.registry import ClientAuth, GrantType
from app.cli.options import named_path
from app.policy.yaml.text import Quoted

Id = Annotated[str, typer.Argument(help="The id.", show_default=False, metavar="ID")]
Name = Annotated[str, typer.Option(help="A name for people.", show_default=False)]
AnyRole = Annotated[Role, typer.Option(help="Its role.", show_default=False)]
Organizations = Annotated[
    list[str] | None,
    typer.Option("--organization", help="Id of an organization that it acts for. Repeat for more.", show_default=False),
]
Payers = Annotated[
    list[str] | None,
    typer.Option("--payer", help="Name of a policy whose payer it works for. Repeat for more.", show_default=False),
]
MemberOf = Annotated[
    str | None, typer.Option(help="The member that it stands for.", metavar="PAYER/ID", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

Scopes = Annotated[list[str], typer.Option(help="A scope that it may get. Repeat for more.", show_default=False)]
Grants = Annotated[list[GrantType] | None, typer.Option(help="How it gets tokens. Repeat for more.")]
Auth = Annotated[ClientAuth, typer.Option(help="How it proves its identity.")]
KeySet = Annotated[
    str | None,
    typer.Option(help="File or https:// URL of its public keys.", metavar="FILE|URL", show_default="a new key pair"),
]
KeyFolder = Annotated[
    Path, typer.Option(help="Folder for the file with a new private key.", parser=named_path, metavar="PATH")
]
RedirectUris = Annotated[list[str] | None, typer.Option(help="A redirect URI. Repeat for more.")]
Origins = Annotated[list[str] | None, typer.Option(help="An origin of its web pages. Repeat for more.")]
Hooks = Annotated[list[str] | None, typer.Option(help="An origin for notifications. Repeat for more.")]
Certificates = Annotated[
    list[str] | None, typer.Option(help="The x5t#S256 of a TLS certificate of the client. Repeat for more.")
]
Issuer = Annotated[str | None, typer.Option(help="The other server that issues its tokens.")]


OPTIONS = {
    **{
        f"{option}s": option for option in ("organization", "payer", "scope", "grant", "redirect-uri", "origin", "hook")
    },
    **{f"{option}s": option for option in ("certificate", "npi", "tin", "sender-id")},
    **dict.fromkeys(("jwks-uri", "jwks-file"), "jwks"),
}
"""Options by the key in a file, where the two differ."""


def in_options(problem: str, model: type[BaseModel]) -> str:
    """Return a problem of a row with the names of options instead of the keys of the model."""
    for name in model.model_fields.keys() - {"id"}:
        key = name.replace("_", "-")
        problem = problem.replace(f"`{key}`", f"--{OPTIONS.get(key, key)}")
    return problem


def values(**given: object) -> dict[str, object]:
    """Return the options that were given, as the values of a row in a file: its keys, and texts in quotes."""
    row = {name.replace("_", "-"): _value(value) for name, value in given.items() if value not in (None, "", [])}
    if isinstance(member := row.get("member"), str):
        payer, slash, id_ = member.partition("/")
        if not slash:
            raise typer.BadParameter("must be a payer and a member id: sample-payer/M001", param_hint="--member")
        row["member"] = {"payer": payer, "id": id_}
    return row


def _value(value: object) -> object:
    if isinstance(value, list):
        return [Quoted(part) for part in value]
    return Quoted(value) if isinstance(value, str) else value
