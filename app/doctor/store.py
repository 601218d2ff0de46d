"""Check the store: reachable, durable, of this version, of this mode; its clients, its clock and its audit trail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from app.adapters.sqlite.inspection import inspect_sqlite
from app.adapters.state import State
from app.adapters.stores import mongodb_store, open_store
from app.doctor.attempt import REFUSALS, first_sentence
from app.doctor.audit import check_audit
from app.doctor.clock import check_clock
from app.doctor.people import check_people
from app.ports import Documents
from app.records.installation.mode import check_mode
from app.records.kinds import TERM_TABLE
from app.safety.check import Check, failed, passed, warned
from app.safety.data_folder import DATABASE_FILE
from app.settings import Settings


async def check_store(settings: Settings) -> list[Check]:
    """Check the store of these settings, while servers may be using it."""
    if settings.store == "memory":
        return [passed("store", "The store is in the memory of the server.")]
    if settings.store == "sqlite" and not (settings.data / DATABASE_FILE).exists():
        return [warned("store", f"{settings.data} has no database yet.", "The first start makes it.")]
    try:
        state = await _state(settings)
        checks = list(_of_state(state))
        if state.is_current:
            checks += await _of_records(settings, state)
    except REFUSALS as refused:
        return [failed("store", first_sentence(refused), "Check PREAUTH_STORE, and that the store runs.")]
    return checks


async def _state(settings: Settings) -> State:
    if settings.store == "sqlite":
        return inspect_sqlite(settings.data / DATABASE_FILE, TERM_TABLE.hash)
    documents = mongodb_store(settings.store)
    try:
        return await documents.inspect(TERM_TABLE.hash)
    finally:
        await documents.close()


def _of_state(state: State) -> Iterator[Check]:
    if state.durable:
        yield passed("durability", state.durability)
    else:
        yield failed("durability", state.durability, "Commits could be lost.")
    if state.is_current:
        yield passed("schema", f"The store has schema {state.schema} and the current search terms.")
    else:
        text = f"The store has schema {state.schema} or search terms of another version: the records were not checked."
        yield warned("schema", text, "Back it up; the next start brings it up to date.")


async def _of_records(settings: Settings, state: State) -> list[Check]:
    documents = open_store(settings)
    try:
        await documents.start(TERM_TABLE)
        return [check async for check in _read(settings, documents, state)]
    finally:
        await documents.close()


async def _read(settings: Settings, documents: Documents, state: State) -> AsyncIterator[Check]:
    await documents.ping()
    yield passed("writes", "The store takes commits.")
    yield await _mode(settings, documents)
    for check in await check_people(settings, documents):
        yield check
    yield check_clock(settings, state)
    yield await check_audit(settings, documents)


async def _mode(settings: Settings, documents: Documents) -> Check:
    try:
        await check_mode(documents, demo=settings.environment == "demo")
    except RuntimeError as refused:
        return failed("mode of the store", str(refused))
    return passed("mode of the store", f"The store is for mode {settings.environment}.")
