"""Reads lists of addresses: one a line, ``#`` starts a comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scraper.errors import Reason, SourceError
from scraper.sources.canonical import absolute
from scraper.sources.entry import Entry

LONGEST = 8192  # characters


def read_urls(lines: Iterable[str]) -> Iterator[Entry | SourceError]:
    """An ``Entry`` for each address, and an error for each line that is none, in their order.

    A line without a scheme is taken for https, as people write them.

    >>> [getattr(it, "url", "?") for it in read_urls(["example.test/a  # front", "", "mailto:x"])]
    ['https://example.test/a', '?']
    """
    for line in lines:
        text = _without_comment(line.removeprefix("\ufeff")).strip()
        if not text:
            continue
        if len(text) > LONGEST:
            yield SourceError(text[:80], Reason.BAD_ADDRESS, f"more than {LONGEST} characters")
            continue
        try:
            yield Entry(_read(text))
        except SourceError as error:
            yield error


def _read(text: str) -> str:
    if "://" not in text and not text.startswith(("mailto:", "data:", "javascript:", "/")):
        head = text.partition("/")[0]
        if "." in head and " " not in head:
            text = f"https://{text}"
    return absolute(text)


def _without_comment(line: str) -> str:
    """``#`` opens a comment at the start or after a space; elsewhere it is a fragment."""
    if line.lstrip().startswith("#"):
        return ""
    return line.partition(" #")[0].partition("\t#")[0]
