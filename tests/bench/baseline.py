"""What most would write first: models of fhir.resources in and out of FastAPI, and aiosqlite.

It stores the Bundle as a row, and decides nothing.

`python -m tests.bench.baseline FOLDER` serves it on a free loopback port.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import aiosqlite
import uvicorn
from fastapi import FastAPI, Request
from fhir.resources.R4B.bundle import Bundle

CREATE = "CREATE TABLE resource (id TEXT PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL)"


def create_app(folder: Path) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aiosqlite.connect(folder / "baseline.sqlite3") as database:
            await database.execute("PRAGMA journal_mode = WAL")
            await database.execute("PRAGMA synchronous = FULL")
            await database.execute(CREATE)
            app.state.database = database
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/fhir/Bundle", status_code=201, response_model_exclude_none=True)
    async def create(bundle: Bundle, request: Request) -> Bundle:
        database: aiosqlite.Connection = request.app.state.database
        bundle.id = str(uuid4())
        row = (bundle.id, "Bundle", bundle.model_dump_json())
        await database.execute("INSERT INTO resource VALUES (?, ?, ?)", row)
        await database.commit()
        return bundle

    return app


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(Path(sys.argv[1])), log_config=None, access_log=False)
        sys.stdout.write(f"ready http://127.0.0.1:{listening.getsockname()[1]}/fhir\n")
        sys.stdout.flush()
        uvicorn.Server(config).run([listening])
