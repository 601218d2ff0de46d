"""Write the invariants (FHIRPath constraints) of R4, PAS and US Core as Python predicates.

May import: what `conformance` may import.
Start with `registry`, which lists all invariants and gives the reason for each that is not checked.
"""
