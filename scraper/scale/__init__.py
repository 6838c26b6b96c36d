"""Builds a corpus of any size: the same stages on one core, many cores, or a cluster."""
