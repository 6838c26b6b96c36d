"""Text in, the story out: cleaning of extracted text, and copies of a story found."""

from cleaners.clean import clean, clean_blocks
from cleaners.text.fold import fold
from cleaners.text.language import language
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment

__all__ = ["clean", "clean_blocks", "fold", "language", "normalize", "segment"]
