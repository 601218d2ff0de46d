"""The clients of the demo: two provider organizations, two payers' reviewers, a patient and an administrator.

They are names without secrets: a token for one of them takes the install's private key. Production makes no token for
any of them, and takes none that a demo made in the same data folder.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.access.grant import Role


class Client(Struct, frozen=True):
    """A registered client and what it may be granted.

    `npis` are the provider numbers its organization may speak for; `member` is the payer's name and the member id of a
    patient, `patient` the Patient's id where it is known; `scopes` are the most that a token for it may carry.
    """

    id: str
    role: Role
    scopes: tuple[str, ...]
    organization: str | None = None
    npis: frozenset[str] = frozenset()
    patient: str | None = None
    member: tuple[str, str] | None = None
    payers: frozenset[str] = frozenset()


_EVERY_SYSTEM = ("system/*.cruds",)
_ORG_A = frozenset({"8189991234", "1987654328", "1777777776"})
_ORG_B = frozenset({"1444444446", "1555555550"})

DEMO_CLIENTS: Mapping[str, Client] = {
    client.id: client
    for client in (
        Client("ehr-a", Role.PROVIDER, _EVERY_SYSTEM, organization="org-a", npis=_ORG_A),
        Client("biller", Role.PROVIDER, _EVERY_SYSTEM, organization="org-a", npis=_ORG_A),
        Client("ehr-b", Role.PROVIDER, _EVERY_SYSTEM, organization="org-b", npis=_ORG_B),
        Client("patient-1", Role.PATIENT, ("patient/*.rs",), member=("sample-payer", "M001")),
        Client("reviewer", Role.REVIEWER, ("user/*.rus",), payers=frozenset({"sample-payer"})),
        Client("reviewer-2", Role.REVIEWER, ("user/*.rus",), payers=frozenset({"second-payer"})),
        Client("admin", Role.ADMIN, _EVERY_SYSTEM, payers=frozenset({"sample-payer"})),
        Client("admin-2", Role.ADMIN, _EVERY_SYSTEM, payers=frozenset({"second-payer"})),
    )
}
