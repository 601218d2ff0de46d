"""Play the demo over HTTP: submit, decide, inquire, bill. `samples` has its Bundles.

May import: `main` and the rooms below it.
Start with `story`.
"""
