"""Cleans many texts and learns on the way what returns from text to text of the same source."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleaners.boilerplate.looks import Looks, look
from cleaners.boilerplate.repeats import LineCounts
from cleaners.clean import blocks_of, label
from cleaners.labels import Cleaned, Label, kept_labels

if TYPE_CHECKING:
    from cleaners.duplicates.results import Document

# So many texts are read ahead, so that the first of them profit from what the later ones show.
AHEAD = 500


def clean_many(
    documents: Iterable[Document | tuple[str, str] | Mapping[str, Any]],
    *,
    counts: LineCounts | None = None,
    ahead: int = AHEAD,
    keep: Iterable[Label] = (),
    drop: Iterable[Label] = (),
) -> Iterator[tuple[Document, Cleaned]]:
    """Each document with its cleaned text, in the order in which they came; streaming.

    What a source says again and again is labeled ``repeated``. A source is the ``host``, or the
    host of the ``url``, or else all documents are of one. ``counts`` that were filled before (in a
    first pass, or by an earlier run) are used and go on counting. ``BadDocument`` as in
    ``deduplicate``, ``UnreadableText`` as in ``clean``. Memory: ``ahead`` documents and the counts.

    >>> stories = [(str(n), f"Story {n} tells of rain.\\n\\nOur house line.") for n in range(5)]
    >>> next(iter(clean_many(stories)))[1].text
    'Story 0 tells of rain.'
    """
    # Whoever cleans one text does not wait for the search for copies.
    from cleaners.duplicates.results import Document

    counts = LineCounts() if counts is None else counts
    keeping = kept_labels(keep, drop)
    waiting: deque[tuple[Document, str, Looks]] = deque()

    def cleaned() -> tuple[Document, Cleaned]:
        document, source, looks = waiting.popleft()
        votes = counts.votes_on_looks(looks, source)
        return document, Cleaned(label(looks, title=document.title, votes=votes), keeping)

    for it in documents:
        document = Document.of(it)
        source, looks = source_of(document), look(blocks_of(document.text))
        counts.add_looks(looks, source)
        waiting.append((document, source, looks))
        if len(waiting) > ahead:
            yield cleaned()
    while waiting:
        yield cleaned()


def source_of(document: Document) -> str:
    """Whose house lines stand in the document: the host without ``www.``, "" where not known."""
    host = document.host
    if not host and document.url:
        try:
            host = urlsplit(document.url).hostname
        except ValueError:
            host = None
    return (host or "").lower().removeprefix("www.")
