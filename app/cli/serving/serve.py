"""`preauth serve`: run the server until SIGINT or SIGTERM."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app.cli.ending import CANNOT_START, CANNOT_USE, ended
from app.cli.options import DataFolder, PolicyFiles, Store
from app.cli.serving.listening import listen, url_of
from app.cli.serving.open_files import allow_connections
from app.cli.serving.server import announcing_server, serve_until_signal
from app.composition import build_system
from app.conformance.definitions.node import NotUnderstood
from app.conformance.definitions.packages import PackageRefused
from app.policy.yaml.text import YamlRefused
from app.safety.refusal import sentence_of
from app.safety.start import refuse_unsafe
from app.settings import Settings, SettingsRefused, load_settings


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 picks a free one.", show_default="8000")
    ] = None,
    data: DataFolder = None,
    policy: PolicyFiles = None,
    store: Store = None,
    demo_bind: Annotated[
        str | None,
        typer.Option(help="The address of --host again, for a demo beyond loopback.", show_default=False),
    ] = None,
    seed: Annotated[
        bool, typer.Option("--seed", help="Play the demo first, if the store is empty; refused in production.")
    ] = False,
) -> None:
    """Run the server. It prints `ready http://HOST:PORT/fhir` when it takes requests.

    Ctrl-C or SIGTERM ends it after the requests in flight; new ones get 503. Exit codes: 0 after Ctrl-C or SIGTERM;
    2 if an option or a PREAUTH_* variable cannot be used; 3 if the port, the policy, the store or the signing key
    cannot be used.

    Example: preauth serve --port 0 --data /tmp/preauth --policy my-policy.yaml
    """
    with _refusals():
        settings = load_settings(host=host, port=port, data=data, policy=policy, store=store, demo_bind=demo_bind)
        _refuse(settings, seed=seed)
        allow_connections(settings.max_connections)
        listening = listen(settings.host, settings.port)
    with listening:
        with _refusals():
            settings = settings.model_copy(update={"base_url": settings.base_url or url_of(listening)})
            system = build_system(settings)
        if not serve_until_signal(announcing_server(settings, system, seed=seed), listening):
            raise typer.Exit(CANNOT_START)


def _refuse(settings: Settings, *, seed: bool) -> None:
    """Raise SettingsRefused if these settings are unsafe, or if production would play the demo."""
    if seed and settings.environment == "production":
        raise SettingsRefused("--seed plays the demo; it must not be used in production.")
    refuse_unsafe(settings)


@contextmanager
def _refusals() -> Iterator[None]:
    """End with a sentence on standard error if the server must not or cannot start."""
    try:
        yield
    except SettingsRefused as refused:
        raise ended(sentence_of(refused), CANNOT_USE) from refused
    except (YamlRefused, PackageRefused, NotUnderstood, RuntimeError, OSError) as refused:
        raise ended(sentence_of(refused), CANNOT_START) from refused
