"""The most costly bodies of a sender, and what other clients notice of them."""
