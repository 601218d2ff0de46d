"""Write FHIR AuditEvents about accesses to patient data, and chain them so that a removal shows. Pure functions.

The patterns are those of IHE BALP 1.1.4 (https://profiles.ihe.net/ITI/BALP/). An event never has a body or a token.
May import: `policy` and the rooms below it.
Start with `access`, then `write_event` and `seal`.
"""
