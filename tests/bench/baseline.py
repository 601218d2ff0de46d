"""What most would write first: FastAPI with fhir.resources models, and aiosqlite. It stores a Bundle, and decides nothing.

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
from fastapi import FastAPI, Request, Response
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

    @app.post("/fhir/Bundle")
    async def create(bundle: Bundle, request: Request) -> Response:
        database: aiosqlite.Connection = request.app.state.database
        resource_id, body = str(uuid4()), bundle.model_dump_json()
        await database.execute("INSERT INTO resource VALUES (?, ?, ?)", (resource_id, "Bundle", body))
        await database.commit()
        headers = {"Location": f"/fhir/Bundle/{resource_id}"}
        return Response(body, 201, headers, "application/fhir+json")

    return app


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(Path(sys.argv[1])), log_config=None, access_log=False)
        sys.stdout.write(f"ready http://127.0.0.1:{listening.getsockname()[1]}/fhir\n")
        sys.stdout.flush()
        uvicorn.Server(config).run([listening])
