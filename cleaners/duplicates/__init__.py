"""Copies of a story: exact, near, contained, rewritten; how they are found and how they match."""
