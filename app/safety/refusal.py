"""Say to the operator why something was refused."""

from __future__ import annotations


def sentence_of(refused: Exception) -> str:
    """Return the error's own sentences; of an OSError, `nowhere.yaml: No such file or directory.`."""
    if isinstance(refused, OSError):
        where = f"{refused.filename}: " if refused.filename else ""
        return f"{where}{refused.strerror}."
    return str(refused)
