"""Validate FHIR bodies, received and sent, against R4 and the PAS profiles of an edition.

`definitions` reads the profiles and `base` knows R4. `compiled` joins both into shapes, with the rules of `checks`
and `invariants`. The `fast` pass answers "valid" or "not sure"; only then does `diagnose` list every issue.
`bundle_rules` holds the rules of PAS that no profile can express.
May import: `policy` and the rooms below it.
Start with `validator`, then `admission`.
"""
