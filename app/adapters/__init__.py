"""Implement the ports: databases, tokens and their signing key, the clock and random ids.

Only this room knows a database driver. `main` chooses the adapters.
May import: `bills` and the rooms below it.
Start with `memory`, the shortest store; every store passes the same contract tests.
"""
