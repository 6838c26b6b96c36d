"""Finds copies of a story, however rewritten, and shows why they are copies."""

from cleaners.duplicates.batch import deduplicate
from cleaners.duplicates.index import DuplicateIndex
from cleaners.duplicates.repeats import Repeat, repeated_passages
from cleaners.duplicates.results import (
    Cluster,
    CopyKind,
    Difference,
    Document,
    Duplicates,
    Match,
    Passage,
    Threshold,
)

__all__ = [
    "Cluster",
    "CopyKind",
    "Difference",
    "Document",
    "DuplicateIndex",
    "Duplicates",
    "Match",
    "Passage",
    "Repeat",
    "Threshold",
    "deduplicate",
    "repeated_passages",
]
