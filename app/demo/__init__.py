"""Play the story of `make demo` over HTTP: submit, decide, inquire, bill. `samples` holds its bundles.

May import: `main` and the rooms below it.
Start with `story`.
"""
