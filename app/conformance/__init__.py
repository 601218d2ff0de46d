"""Validate FHIR bodies, received and sent, against R4 and the PAS profiles of an edition.

`definitions` reads profiles and `base` knows R4 itself. `compiled` compiles both into shapes, from the `checks` and the
`invariants`. Two passes use the shapes: `fast` answers yes or not sure; `diagnose` finds all faults. `bundle_rules` are
the PAS rules that a profile cannot express. Start reading at `validator`.
"""
