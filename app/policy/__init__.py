"""The payer's rules as data: YAML with conditions, actions, reasons and clocks, and the review that applies them.

`shipped` holds the policies of the demo's payers, each with its cases. Only this room reads YAML.
May import: `access` and the rooms below it.
Start with `policy`, then `review`.
"""
