"""The patterns of BALP: by interaction, the profile, the action, and the roles of client and user."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.audit.access import Interaction

BALP = "https://profiles.ihe.net/ITI/BALP/"
PROFILE = f"{BALP}StructureDefinition/IHE.BasicAudit."
TOKEN_PROFILE = f"{PROFILE}OAUTHaccessTokenUse.Minimal"

# Roles of machines in DICOM: the source sends the data, or the parameters of a query.
SOURCE = "110153"
DESTINATION = "110152"

# Roles of users in HL7 version 3
RECIPIENT = "IRCP"
AUTHOR = "AUT"


class Pattern(Struct, frozen=True):
    """A pattern: the name of its profile, R4's action, the machine role of the client, and the role of the user."""

    name: str
    action: str
    client: str
    user: str

    def profile(self, *, of_patient: bool) -> str:
        """Return the URL of the profile, for an access to the data of a patient or of none."""
        return f"{PROFILE}{'Patient' if of_patient else ''}{self.name}"

    @property
    def server(self) -> str:
        """The machine role of the server."""
        return DESTINATION if self.client == SOURCE else SOURCE


_READ = Pattern("Read", "R", DESTINATION, RECIPIENT)
_QUERY = Pattern("Query", "E", SOURCE, RECIPIENT)

PATTERNS: Mapping[Interaction, Pattern] = {
    Interaction.READ: _READ,
    Interaction.VREAD: _READ,
    Interaction.INSTANCE_HISTORY: _READ,
    Interaction.SEARCH: _QUERY,
    Interaction.TYPE_HISTORY: _QUERY,
    Interaction.CREATE: Pattern("Create", "C", SOURCE, AUTHOR),
    Interaction.UPDATE: Pattern("Update", "U", SOURCE, AUTHOR),
    Interaction.DELETE: Pattern("Delete", "D", SOURCE, AUTHOR),
}
"""By interaction, its pattern. BALP's pattern of a history is that of a read, or of a query for a whole type."""
