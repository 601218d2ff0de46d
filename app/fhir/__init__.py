"""The language: R4 JSON, outcomes, references, dates and extensions. It knows no payer and does no I/O.

May import: `codes` and the rooms below it.
Start with `json`, then `outcome` and `bundle`.
"""
