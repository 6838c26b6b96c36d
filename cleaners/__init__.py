"""Text in, the story out: cleaning of extracted text, and copies of a story found."""

from cleaners.clean import clean, clean_blocks
from cleaners.clean_many import clean_many
from cleaners.duplicates import deduplicate
from cleaners.labels import Cleaned, Label
from cleaners.text.fold import fold
from cleaners.text.language import language
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment

__all__ = [
    "Cleaned",
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
