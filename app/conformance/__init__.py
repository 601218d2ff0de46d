"""Whether what comes in, and what goes out, is R4 and meets the profiles of an edition.

`definitions` reads profiles, `base` knows R4 itself, `shapes` compiles both into what a value must be like, by the
kinds of `checks` and the `invariants`. Two passes go by it: `fast` says yes or not sure, `walk` finds all that is
wrong. `bundle_rules` are the rules of PAS that no profile can say. `validator` is the way in.
"""
