"""An index of documents that grows one by one and finds the copies of each, on disk or in memory.

It gives the clusters that ``deduplicate`` gives for the same documents, in any order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np

from cleaners.duplicates.batch import LIMITS
from cleaners.duplicates.evidence import passages
from cleaners.duplicates.judge import Verdicts, judge
from cleaners.duplicates.keys import MOST_NUMBERS
from cleaners.duplicates.lookup import Sought, look_up, sought
from cleaners.duplicates.marks import document_of, written
from cleaners.duplicates.postings import Postings
from cleaners.duplicates.report import surest
from cleaners.duplicates.results import CopyKind, Document, Duplicates, Match, Threshold
from cleaners.duplicates.shelf import Given, Sketches, portions, sketches
from cleaners.duplicates.store import Row, Store
from cleaners.duplicates.stories import stories
from cleaners.duplicates.words import Rows
from cleaners.errors import BadDocument, BadIndex

# Documents whose postings are in memory before they go into a file of their own.
_FRESH: Final = 2048
_FILE: Final = "index.sqlite"


# The number and the text of a document that came, and those that it is compared with.
_Waiting = tuple[int, str, list[Row]]


class DuplicateIndex:
    """Documents and their copies. Close it, or use it in a ``with`` statement.

    ``path`` is a folder that holds the index, made if it is not there; without one the index lives
    in memory. What ``add`` has returned for is kept whatever happens to the process afterwards.
    One process at a time may write.

    >>> index = DuplicateIndex()
    >>> index.add("a", "It rained in Kalmora."), len(index)
    ([], 1)
    >>> [it.kind.value for it in index.add("b", "It rained in Kalmora!")]
    ['exact']
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        threshold: Threshold = Threshold.NORMAL,
        evidence: bool = True,
    ) -> None:
        """Opens an index, whatever its size, at once.

        Raises:
            BadIndex: it cannot be opened, or another version of the program made it.
        """
        folder = None if path is None else Path(path)
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise BadIndex(str(folder), f"cannot be made: {error}") from error
        self._limit = LIMITS[threshold]
        self._evidence = evidence
        self._store = Store(None if folder is None else folder / _FILE)
        named = self._store.segments()
        if folder is not None:
            # Files that a killed process wrote and did not get to use.
            known = {name for name, _ in named}
            for it in (*folder.glob("*.keys"), *folder.glob("*.part")):
                if it.name not in known:
                    it.unlink(missing_ok=True)
        self._postings = Postings(folder, named)
        self._postings.load(self._store.fresh())
        self._next = self._store.next_number()

    def __enter__(self) -> DuplicateIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._store.count()

    def __contains__(self, name: str) -> bool:
        return self._store.row(name) is not None

    def close(self) -> None:
        """Closes the files. Nothing is lost without it."""
        self._store.close()

    def add(self, id: str, text: str, **known: Any) -> list[Match]:
        """Adds a document and returns its copies among those that are there, the surest first.

        ``known`` may hold title, published, host, url, agency and canonical.

        Raises:
            BadDocument: the index holds a document of this id, or the text is none.
        """
        ((_, matches),) = self.extend([{**known, "id": id, "text": text}])
        return matches

    def extend(self, documents: Iterable[Given]) -> Iterator[tuple[str, list[Match]]]:
        """Adds many documents, faster than one by one; gives each id with its copies.

        What has been given is kept. Several documents are kept together, before the first of them
        is given.
        """
        for portion in portions(documents):
            of = sketches([it.text for it in portion])
            with self._writing():
                found = self._added(portion, of)
            if self._postings.fresh >= _FRESH:
                self._seal()
            for it, matches in zip(portion, found, strict=True):
                yield it.id, [self._shown(match, it.id, it.text) for match in matches]

    def query(self, text: str, id: str = "?") -> list[Match]:
        """The copies that a text has in the index, without adding it. ``id`` stands in matches."""
        of = sketches([text])
        (looked,) = sought(self._postings, of)
        rows, speaker = look_up(self._postings, self._store, looked)
        if speaker is not None:
            return [self._shown(_equal(id, speaker.id), id, text)]
        if not rows:
            return []
        verdicts = self._judged([(self._next, text, rows)]).split(self._limit)[0]
        names = {it.number: it.id for it in rows} | {self._next: id}
        return [self._shown(it, id, text) for it in surest(verdicts, names)]

    def remove(self, id: str) -> None:
        """Forgets a document: everything is as if it had never been added.

        Raises:
            BadDocument: the index does not hold it.
        """
        row = self._store.row(id)
        if row is None:
            raise BadDocument(id, "the index does not hold it")
        with self._writing():
            equal = self._store.rows(self._store.equals(row.exact))
            equal = [it for it in equal if it.number != row.number]
            self._drop(row)
            if len(equal) == 1:
                self._store.drop_equal(equal[0].number)
            if row.speaks and equal:
                # The next of those that are equal to it speaks now; it is looked at anew.
                heir = min(equal, key=lambda it: it.id)
                (text,) = self._store.texts(np.array([heir.number]))
                self._drop(heir)
                self._added([document_of(heir, text)], sketches([text]))
                if len(equal) > 1:
                    self._store.put_equal([self._next - 1], heir.exact)

    def duplicates(self) -> Duplicates:
        """All clusters, matches, and what to keep; as ``deduplicate`` gives them, without evidence.

        The work grows with the number of copies; ``unique`` lists all documents that are left.
        """
        return stories(self._store, self._limit)

    def _added(self, portion: Sequence[Document], of: Sketches) -> list[list[Match]]:
        """Puts documents down, and gives the copies of each among those before it."""
        found: list[list[Match]] = []
        waiting: list[_Waiting] = []
        names: dict[int, str] = {}
        place_of: dict[int, int] = {}
        looked = sought(self._postings, of)
        for place, document in enumerate(portion):
            number = self._next
            rows, speaker, speaks = self._put(document, looked[place])
            found.append([] if speaker is None else [_equal(document.id, speaker.id)])
            if rows and speaks:
                waiting.append((number, document.text, rows))
                names |= {it.number: it.id for it in rows} | {number: document.id}
                place_of[number] = place
        if waiting:
            verdicts = self._judged(waiting)
            self._store.put_verdicts(verdicts.chosen(verdicts.copy >= self._limit))
            accepted = verdicts.split(self._limit)[0]
            # A pair is of the document that came later.
            later = accepted.pairs.max(axis=1)
            for number in np.unique(later).tolist():
                matches = surest(accepted.chosen(later == number), names)
                found[place_of[number]] += matches
        return found

    def _put(self, document: Document, of: Sought) -> tuple[list[Row], Row | None, bool]:
        """Candidates, the document that spoke for equal ones, and whether this one does now."""
        number = self._next
        if self._store.row(document.id) is not None:
            raise BadDocument(document.id, "the index holds a document with this id")
        if number >= MOST_NUMBERS:
            raise BadIndex(document.id, f"an index holds at most {MOST_NUMBERS:,} documents")
        rows, speaker = look_up(self._postings, self._store, of)
        speaks = speaker is None or document.id < speaker.id
        length, mark = len(document.text), written(document)
        row = Row(number, document.id, of.exact, of.terms, speaks, length, mark)
        self._store.put(row, document.text)
        self._next += 1
        if speaks and of.found is not None:
            self._store.put_fresh(number, of.keys)
            self._postings.add(number, of.keys)
        if speaker is not None:
            self._store.put_equal([number, speaker.number], of.exact)
            if speaks:
                self._store.speak(speaker.number, False)
        return rows, speaker, speaks

    def _judged(self, waiting: Sequence[_Waiting]) -> Verdicts:
        """The verdicts on documents that came, each with those that were there."""
        bodies = {number: text for number, text, _ in waiting}
        pairs = [(it.number, number) for number, _, rows in waiting for it in rows]

        def texts(numbers: Rows) -> list[str]:
            known = [bodies.get(it) for it in numbers.tolist()]
            absent = np.array([it is None for it in known], dtype=bool)
            others = iter(self._store.texts(numbers[absent]))
            return [next(others) if it is None else it for it in known]

        return judge(texts, np.array(pairs, dtype=np.int64).reshape(-1, 2))

    def _shown(self, match: Match, id: str, text: str) -> Match:
        if not self._evidence:
            return match
        other = self._store.row(match.b if match.a == id else match.a)
        if other is None:
            return match
        (theirs,) = self._store.texts(np.array([other.number]))
        pair = (text, theirs) if match.a == id else (theirs, text)
        return Match(
            match.a, match.b, match.kind, match.likeness, match.confidence, passages(*pair)
        )

    def _drop(self, row: Row) -> None:
        self._store.delete(row.number)
        self._store.drop_verdicts(row.number)
        self._store.drop_equal(row.number)
        self._postings.drop(row.number)

    def _seal(self) -> None:
        """Moves the postings in memory into a file, and merges files where there are many."""
        name = f"{self._next:09}-0.keys"
        sealed = self._postings.write(name, 0, [self._postings.sealed()])
        with self._store.writing():
            self._store.replace_segments([], name, 0)
            self._store.clear_fresh()
        self._postings.take(sealed)
        self._postings.clear()
        while segments := self._postings.to_merge():
            level = segments[0].level + 1
            name = f"{self._next:09}-{level}.keys"
            merged = self._postings.merged(segments, self._store.dead())
            segment = self._postings.write(name, level, merged)
            with self._store.writing():
                self._store.replace_segments([it.name for it in segments], name, level)
            # Files are deleted only when nothing can bring back the table that names them.
            self._store.settle()
            self._postings.take(segment)
            self._postings.forget(segments)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All inside is kept together; after a failure, memory is what the disk says."""
        is_done = False
        try:
            with self._store.writing():
                yield
            is_done = True
        finally:
            if not is_done:
                self._postings.load(self._store.fresh())
                self._next = self._store.next_number()


def _equal(a: str, b: str) -> Match:
    one, other = sorted((a, b))
    return Match(one, other, CopyKind.EXACT, 1.0, 1.0)
