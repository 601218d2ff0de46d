"""The baseline: FastAPI with models of fhir.resources in and out, and aiosqlite with one statement at a time.

It creates the Bundle, as one row that is found by its id, and decides nothing. Or it does what a submit does, and
approves everything: it stores the Bundle, the Claim, a ClaimResponse item by item, and what they are found by.

`python -m tests.bench.baseline FOLDER` serves it on a free loopback port.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiosqlite
import uvicorn
from fastapi import FastAPI, Request
from fhir.resources.R4B.bundle import Bundle, BundleEntry
from fhir.resources.R4B.claimresponse import ClaimResponse, ClaimResponseItem, ClaimResponseItemAdjudication
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.reference import Reference

from tests.support.samples import PAS

ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
RESOURCE = "CREATE TABLE resource (id TEXT PRIMARY KEY, type TEXT NOT NULL, body TEXT NOT NULL)"
FOUND_BY = "CREATE TABLE found_by (name TEXT, value TEXT, id TEXT, PRIMARY KEY (name, value, id))"


def create_app(folder: Path) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aiosqlite.connect(folder / "baseline.sqlite3") as database:
            await database.execute("PRAGMA journal_mode = WAL")
            await database.execute("PRAGMA synchronous = FULL")
            await database.execute(RESOURCE)
            await database.execute(FOUND_BY)
            app.state.database = database
            yield

    app = FastAPI(lifespan=lifespan)
    app.post("/fhir/Claim/$submit", response_model_exclude_none=True)(submit)
    app.post("/fhir/Bundle", status_code=201, response_model_exclude_none=True)(create)
    return app


async def submit(bundle: Bundle, request: Request) -> Bundle:
    database: aiosqlite.Connection = request.app.state.database
    entries: Any = bundle.entry
    claim = entries[0].resource
    bundle.id, claim.id = str(uuid4()), str(uuid4())
    answer = _approved(claim)
    for resource in (bundle, claim, answer):
        row = (resource.id, resource.get_resource_type(), resource.model_dump_json())
        await database.execute("INSERT INTO resource VALUES (?, ?, ?)", row)
    for name, value in _terms(claim, answer).items():
        await database.execute("INSERT INTO found_by VALUES (?, ?, ?)", (name, value, answer.id))
    await database.commit()
    return Bundle(type="collection", entry=[BundleEntry(resource=answer), *entries[1:]])


async def create(bundle: Bundle, request: Request) -> Bundle:
    database: aiosqlite.Connection = request.app.state.database
    bundle.id = str(uuid4())
    row = (bundle.id, "Bundle", bundle.model_dump_json())
    await database.execute("INSERT INTO resource VALUES (?, ?, ?)", row)
    await database.commit()
    return bundle


def _approved(claim: Any) -> ClaimResponse:
    return ClaimResponse(
        id=str(uuid4()),
        status="active",
        use=claim.use,
        type=claim.type,
        patient=claim.patient,
        created=datetime.now(UTC),
        insurer=claim.insurer,
        requestor=claim.provider,
        request=Reference(reference=f"Claim/{claim.id}"),
        outcome="complete",
        preAuthRef=uuid4().hex[:10],
        item=[ClaimResponseItem(itemSequence=one.sequence, adjudication=[_certified()]) for one in claim.item],
    )


def _certified() -> ClaimResponseItemAdjudication:
    coding = Coding(system="https://codesystem.x12.org/005010/306", code="A1")
    action = Extension(url=f"{PAS}extension-reviewActionCode", valueCodeableConcept=CodeableConcept(coding=[coding]))
    return ClaimResponseItemAdjudication(
        category=CodeableConcept(coding=[Coding(system=ADJUDICATION, code="submitted")]),
        extension=[Extension(url=f"{PAS}extension-reviewAction", extension=[action])],
    )


def _terms(claim: Any, answer: Any) -> dict[str, str]:
    return {
        "patient": claim.patient.reference,
        "status": answer.status,
        "created": answer.created.isoformat(),
        "use": answer.use,
        "insurer": claim.insurer.reference,
        "requestor": claim.provider.reference,
        "request": claim.id,
        "pre-auth-ref": answer.preAuthRef,
    }


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(Path(sys.argv[1])), log_config=None, access_log=False)
        sys.stdout.write(f"ready http://127.0.0.1:{listening.getsockname()[1]}/fhir\n")
        sys.stdout.flush()
        uvicorn.Server(config).run([listening])
