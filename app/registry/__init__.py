"""Read the operator's organizations, clients and users from YAML and CSV files, and the demo's from `demo.yaml`.

May import: `pas`, `conformance`, `search`, `audit`, `subscriptions`, `reports` and the rooms
below them.
Start with `people_file`; `rows` has the rules of each row, `contradictions` those between rows.
"""
