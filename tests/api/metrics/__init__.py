"""The figures of a payer's decisions, as its staff reads them."""
