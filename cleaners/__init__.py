"""Text in, the story out: cleaning of extracted text, and copies of a story found."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cleaners.clean import clean, clean_blocks
from cleaners.clean_many import clean_many
from cleaners.labels import Cleaned, Label
from cleaners.text.fold import fold
from cleaners.text.language import language
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment

if TYPE_CHECKING:
    from cleaners.duplicates import DuplicateIndex, deduplicate

__all__ = [
    "Cleaned",
    "DuplicateIndex",
    "Label",
    "clean",
    "clean_blocks",
    "clean_many",
    "deduplicate",
    "fold",
    "language",
    "normalize",
    "segment",
]


def __getattr__(name: str) -> object:
    """Who only cleans does not wait for the search for copies; it takes half of the import."""
    if name in ("DuplicateIndex", "deduplicate"):
        return getattr(import_module("cleaners.duplicates"), name)
    raise AttributeError(f"module 'cleaners' has no attribute {name!r}")
