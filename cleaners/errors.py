"""What can go wrong in cleaners.

CleanerError
├── UnreadableText    bytes that are no text in the encoding that they were said to have
├── BadDocument       a document without text, or two under one id
├── BadData           a phrase file or a model file that does not hold what it should
└── BadIndex          a duplicate index that cannot be opened, or was made by another version
"""

from __future__ import annotations


class CleanerError(Exception):
    """``where`` is a path, an id or an address; ``detail`` is something a person can act on."""

    def __init__(self, where: str, detail: str) -> None:
        super().__init__(f"{where}: {detail}")
        self.where = where
        self.detail = detail


class UnreadableText(CleanerError):
    pass


class BadDocument(CleanerError):
    pass


class BadData(CleanerError):
    pass


class BadIndex(CleanerError):
    pass
