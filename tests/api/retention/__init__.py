"""The end of a record: its time, its purge, and the legal hold that stops the purge."""
