"""Refuse unsafe settings at the start, each with its reason and its remedy, and write private files.

May import: `settings`, `log`, `counts`, `release` and the rooms below them.
Start with `start`, which refuses; `preauth doctor` prints the same checks.
"""
