"""The figures of decisions, from acts to counts."""
