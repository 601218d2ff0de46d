"""The acceptance lines of the threat model, over HTTP."""
