"""Bills under the payer's terms of comparing."""
