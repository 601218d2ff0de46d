"""A server whose commit is broken on purpose, to show that the crash test can fail: each write is stored on its own."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path

import uvicorn
from msgspec.structs import replace

from app.adapters.sqlite.store import SqliteDocuments
from app.composition import build_system
from app.main import create_app
from app.ports import Write
from app.records.access.page_key import PageKey
from app.safety.data_folder import DATABASE_FILE
from app.settings import load_settings
from app.workflow.registry.registry import Registry

REST = 0.01


class TornDocuments(SqliteDocuments):
    """Stores a commit's writes one by one and rests after each, where a kill leaves half of them."""

    async def commit(self, *writes: Write) -> None:
        for write in writes:
            await super().commit(write)
            await asyncio.sleep(REST)


def serve_torn(folder: Path) -> None:
    """Serve it as `preauth serve --port 0 --data FOLDER` serves the real one."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = load_settings(data=folder)
        settings = settings.model_copy(update={"base_url": settings.base_url or url})
        documents = TornDocuments(folder / DATABASE_FILE)
        built = build_system(settings)
        identity = replace(built.identity, registry=Registry(documents))
        system = replace(built, documents=documents, identity=identity, page_key=PageKey(documents))
        config = uvicorn.Config(create_app(settings, system=system), log_config=None, access_log=False)
        sys.stdout.write(f"ready {url}/fhir\n")
        sys.stdout.flush()
        uvicorn.Server(config).run([listening])
