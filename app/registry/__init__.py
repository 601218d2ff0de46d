"""Read the operator's file of organizations, clients and users, and the demo's.

May import: `policy` and the rooms below it.
Start with `people_file`.
"""
