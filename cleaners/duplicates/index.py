"""An index of documents that grows one by one and finds the copies of each, on disk or in memory.

It gives the clusters that ``deduplicate`` gives for the same documents, in any order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np

from cleaners.duplicates.batch import LIMITS
from cleaners.duplicates.candidates import LEAST_TERMS, enough
from cleaners.duplicates.evidence import passages
from cleaners.duplicates.judge import Verdicts, judge
from cleaners.duplicates.marks import document_of, written
from cleaners.duplicates.postings import MOST_NUMBERS, Postings, keys_of
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
            for it in (*folder.glob("*.npy"), *folder.glob("*.part")):
                if it.name not in known:
                    it.unlink(missing_ok=True)
        self._postings = Postings(folder, named)
        for number, keys in self._store.fresh():
            self._postings.add(number, keys)
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
                found = [self._added(it, of, place) for place, it in enumerate(portion)]
            if len(self._postings.fresh) >= _FRESH:
                self._seal()
            for it, verdicts in zip(portion, found, strict=True):
                yield it.id, verdicts

    def query(self, text: str, id: str = "?") -> list[Match]:
        """The copies that a text has in the index, without adding it. ``id`` stands in matches."""
        of = sketches([text])
        keys = keys_of(of, 0, True)
        rows, equal = self._candidates(keys, of, 0)
        if equal:
            names = sorted((id, equal[0].id))
            match = Match(names[0], names[1], CopyKind.EXACT, 1.0, 1.0)
            return [self._shown(match, id, text)]
        verdicts = self._judged(self._next, text, rows)
        name_of = {it.number: it.id for it in rows} | {self._next: id}
        return [self._shown(it, id, text) for it in surest(verdicts.split(self._limit)[0], name_of)]

    def remove(self, id: str) -> None:
        """Forgets a document: everything is as if it had never been added.

        Raises:
            BadDocument: the index does not hold it.
        """
        row = self._store.row(id)
        if row is None:
            raise BadDocument(id, "the index does not hold it")
        with self._writing():
            equal = [it for it in self._equals(row) if it.number != row.number]
            self._drop(row)
            if len(equal) == 1:
                self._store.drop_equal(equal[0].number)
            if row.speaks and equal:
                # The next of those that are equal to it speaks now; it is looked at anew.
                heir = min(equal, key=lambda it: it.id)
                (text,) = self._store.texts(np.array([heir.number]))
                self._drop(heir)
                document = document_of(heir, text)
                self._added(document, sketches([text]), 0)
                if len(equal) > 1:
                    self._store.put_equal([self._next - 1], heir.exact)

    def duplicates(self) -> Duplicates:
        """All clusters, matches, and what to keep; as ``deduplicate`` gives them, without evidence.

        The work grows with the number of copies; ``unique`` lists all documents that are left.
        """
        return stories(self._store, self._limit)

    def _added(self, document: Document, of: Sketches, place: int) -> list[Match]:
        if self._store.row(document.id) is not None:
            raise BadDocument(document.id, "the index holds a document with this id")
        number, text = self._next, document.text
        if number >= MOST_NUMBERS:
            raise BadIndex(document.id, f"an index holds at most {MOST_NUMBERS:,} documents")
        rows, equal = self._candidates(keys_of(of, place, True), of, place)
        speaker = next((it for it in equal if it.speaks), None)
        speaks = speaker is None or document.id < speaker.id
        exact = int(of.exact[place].astype(np.int64))
        terms = int(of.first[place + 1] - of.first[place])
        row = Row(number, document.id, exact, terms, speaks, len(text), written(document))
        self._store.put(row, text)
        self._next += 1
        if of.words[place]:
            keys = keys_of(of, place, speaks)
            self._store.put_fresh(number, keys)
            self._postings.add(number, keys)
        found: list[Match] = []
        if speaker is not None:
            self._store.put_equal([number, speaker.number], exact)
            names = sorted((document.id, speaker.id))
            found.append(Match(names[0], names[1], CopyKind.EXACT, 1.0, 1.0))
            if speaks:
                self._store.speak(speaker.number, False)
                rows = [it for it in rows if it.number != speaker.number]
        if speaks and of.words[place]:
            verdicts = self._judged(number, text, rows)
            kept = verdicts.chosen(verdicts.copy >= self._limit)
            self._store.put_verdicts(kept)
            names_of = {it.number: it.id for it in rows} | {number: document.id}
            found += surest(verdicts.split(self._limit)[0], names_of)
        return [self._shown(it, document.id, text) for it in found]

    def _candidates(
        self, keys: np.ndarray[Any, np.dtype[np.uint64]], of: Sketches, place: int
    ) -> tuple[list[Row], list[Row]]:
        """Documents worth a closer look, and documents that are equal."""
        if not of.words[place]:
            return [], []
        equal, near, sharing = self._postings.found(keys)
        exact = int(of.exact[place].astype(np.int64))
        same = [it for it in self._store.rows(equal.tolist()) if it.exact == exact]
        found = {it.number: it for it in self._store.rows(near.tolist()) if it.speaks}
        numbers, counts = np.unique(sharing, return_counts=True)
        often = counts >= LEAST_TERMS
        shared = dict(zip(numbers[often].tolist(), counts[often].tolist(), strict=True))
        terms = int(of.first[place + 1] - of.first[place])
        for row in self._store.rows(list(shared)):
            if row.speaks and shared[row.number] >= enough(np.array([min(row.terms, terms)]))[0]:
                found[row.number] = row
        known = {it.number for it in same}
        return [found[it] for it in sorted(found) if it not in known], same

    def _judged(self, number: int, text: str, rows: list[Row]) -> Verdicts:
        pairs = np.array([(it.number, number) for it in rows], dtype=np.int64).reshape(-1, 2)

        def texts(numbers: Rows) -> list[str]:
            others = self._store.texts(numbers[numbers != number])
            return [*others, text] if number in numbers else others

        return judge(texts, pairs)

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

    def _equals(self, row: Row) -> list[Row]:
        of = sketches(self._store.texts(np.array([row.number])))
        return self._candidates(keys_of(of, 0, False), of, 0)[1] or [row]

    def _drop(self, row: Row) -> None:
        self._store.delete(row.number)
        self._store.drop_verdicts(row.number)
        self._store.drop_equal(row.number)
        self._postings.drop(row.number)

    def _seal(self) -> None:
        """Moves the postings in memory into a file, and merges files where there are many."""
        name = f"{self._next:09}-0.npy"
        column = self._postings.sealed()
        self._postings.write(name, column)
        with self._store.writing():
            self._store.replace_segments([], name, 0)
            self._store.clear_fresh()
        self._postings.take(name, 0, column)
        self._postings.clear()
        while segments := self._postings.to_merge():
            level = segments[0].level + 1
            name = f"{self._next:09}-{level}.npy"
            column = self._postings.merged(segments, self._store.dead())
            self._postings.write(name, column)
            with self._store.writing():
                self._store.replace_segments([it.name for it in segments], name, level)
            self._postings.take(name, level, column)
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
                self._postings.clear()
                for number, keys in self._store.fresh():
                    self._postings.add(number, keys)
                self._next = self._store.next_number()
