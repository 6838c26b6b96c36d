"""Rows to and from files, and the deduplication of a corpus of them."""
