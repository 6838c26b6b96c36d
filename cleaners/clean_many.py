"""Cleans many texts and learns on the way what returns from text to text of the same source."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleaners.boilerplate.looks import Looks, look_all
from cleaners.boilerplate.repeats import LineCounts, Lines
from cleaners.boilerplate.rule import Rule
from cleaners.clean import RULES, blocks_of, label_all
from cleaners.labels import Cleaned, Label, kept_labels

if TYPE_CHECKING:
    from cleaners.duplicates.results import Document

# So many texts are read ahead, so that the first of them profit from what the later ones show.
AHEAD = 500
# So many are cleaned at once: with more, what numpy works on leaves the cache.
AT_ONCE, CHARS_AT_ONCE = 32, 400_000


def clean_many(
    documents: Iterable[Document | tuple[str, str] | Mapping[str, Any]],
    *,
    counts: LineCounts | None = None,
    ahead: int = AHEAD,
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
    rules: Sequence[Rule] = RULES,
) -> Iterator[tuple[Document, Cleaned]]:
    """Each document with its cleaned text, in the order in which they came; streaming.

    What a source says again and again is labeled ``repeated``. A source is the ``host``, or the
    host of the ``url``, or else all documents are of one. ``counts`` that were filled before (in a
    first pass, or by an earlier run) are used and go on counting. ``BadDocument`` as in
    ``deduplicate``, ``UnreadableText`` as in ``clean``. Memory: ``ahead`` documents, those that are
    cleaned at once, and the counts.

    >>> stories = [(str(n), f"Story {n} tells of rain.\\n\\nOur house line.") for n in range(5)]
    >>> next(iter(clean_many(stories)))[1].text
    'Story 0 tells of rain.'
    """
    # Whoever cleans one text does not wait for the search for copies.
    from cleaners.duplicates.results import Document

    counts = LineCounts() if counts is None else counts
    keeping = kept_labels(keep, drop)
    waiting: deque[tuple[Document, Looks, Lines]] = deque()

    def cleaned(until: int) -> Iterator[tuple[Document, Cleaned]]:
        """Cleans some until so many wait."""
        some: list[tuple[Document, Looks, Lines]] = []
        chars = 0
        while len(waiting) > until and len(some) < AT_ONCE and chars < CHARS_AT_ONCE:
            some.append(waiting.popleft())
            chars += len(some[-1][0].text)
        looks, titles = [it for _, it, _ in some], [it.title for it, _, _ in some]
        votes = [counts.votes_on_lines(it, lines) for _, it, lines in some]
        for (it, _, _), labeled in zip(some, label_all(looks, titles, votes, rules), strict=True):
            yield it, Cleaned(labeled, keeping)

    for batch in batches(map(Document.of, documents), min(AT_ONCE, ahead + 1)):
        read = look_all([blocks_of(it.text) for it in batch])
        for it, looks in zip(batch, read, strict=True):
            waiting.append((it, looks, counts.add_looks(looks, source_of(it))))
        while len(waiting) > ahead:
            yield from cleaned(ahead)
    while waiting:
        yield from cleaned(0)


def batches(documents: Iterable[Document], most: int) -> Iterator[list[Document]]:
    """Documents in groups of some, of fewer where they are long."""
    group: list[Document] = []
    chars = 0
    for it in documents:
        group.append(it)
        chars += len(it.text)
        if len(group) >= most or chars >= CHARS_AT_ONCE:
            yield group
            group, chars = [], 0
    if group:
        yield group


def source_of(document: Document) -> str:
    """Whose house lines stand in the document: the host without ``www.``, "" where not known."""
    host = document.host
    if not host and document.url:
        try:
            host = urlsplit(document.url).hostname
        except ValueError:
            host = None
    return (host or "").lower().removeprefix("www.")
