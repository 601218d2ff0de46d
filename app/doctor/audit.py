"""Check the chain of the audit log: no event may be missing, changed or without a seal."""

from __future__ import annotations

from app.adapters.clock import system_clock
from app.counts import counted
from app.ports import Documents
from app.safety.check import Check, failed, passed
from app.settings import Settings
from app.workflow.audit.verify import verify_chain

_SHOWN = 3


async def check_audit(settings: Settings, documents: Documents) -> Check:
    """Verify the chain of seals, from the first to the newest."""
    faults = await verify_chain(documents, system_clock(settings).now())
    if not faults:
        return passed("audit log", "Each event is stored unchanged under its seal.")
    first = " ".join(fault.sentence for fault in faults[:_SHOWN])
    return failed("audit log", f"{counted(len(faults), 'fault')}: {first}", "Compare the store with a backup.")
