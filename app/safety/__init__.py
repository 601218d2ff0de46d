"""The settings that a server must not start with, in a demo and in production: each with its reason and its remedy.

May import: `settings`, `log` and the rooms below them.
Start with `start`, which refuses; `preauth doctor` prints the same checks.
"""
