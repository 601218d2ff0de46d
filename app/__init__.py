"""preauth, a payer-side FHIR R4 server for prior authorization (Da Vinci PAS).

Every folder here is a room with a plaque like this one. Imports run downwards only: `tool.importlinter` in
pyproject.toml lists the rooms from top to bottom, and ARCHITECTURE.md explains them.
Start with `main`, which builds the server, and `operations`, which lists what it offers.
"""
