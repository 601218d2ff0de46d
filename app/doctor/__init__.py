"""`preauth doctor`: the checks of an installation, by the functions that a start uses. They change no record.

May import: `main` and the rooms below it.
Start with `examine`, which runs all checks; each other file has the checks of one subject.
"""
