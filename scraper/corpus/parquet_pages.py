"""Pages that lie in a Parquet file with the columns url and html; needs the extra ``parquet``.

Rows are read in their order, some hundred at a time: such a file may hold more pages than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scraper.errors import FetchError, JobError, Reason

MAGIC: Final = b"PAR1"
# Rows decoded at a time; pages have 100 KB each or so.
BATCH: Final = 64
# Batches that are remembered: whoever reads pages takes them in about their order, not exactly.
REMEMBERED: Final = 2


def is_parquet(path: Path) -> bool:
    """Whether it begins as such a file; one that cannot be opened does not."""
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


def find_urls(path: Path) -> Iterator[str | None]:
    """The url of each row, None where there is none.

    Raises FetchError (unreadable) for a file that is broken or lacks a column.
    """
    for batch in _batches(path, ("url",)):
        for row in batch:
            yield row["url"] if isinstance(row["url"], str) else None


class ParquetPages:
    """Holds the file that was read last, at its last place."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._batches: Iterator[list[Mapping[str, Any]]] = iter(())
        self._next = 0  # number of the batch that comes next
        self._known: dict[int, list[Mapping[str, Any]]] = {}

    def row(self, path: Path, at: int) -> Mapping[str, Any]:
        """Row number ``at`` with its url and html. Raises FetchError (unreadable)."""
        wanted, within = divmod(at, BATCH)
        if path != self._path or (wanted < self._next and wanted not in self._known):
            self._path, self._next, self._known = path, 0, {}
            self._batches = _batches(path, ("url", "html"))
        while wanted not in self._known:
            batch = next(self._batches, None)
            if batch is None:
                raise FetchError(str(path), Reason.UNREADABLE, f"has no row {at} any more")
            self._known[self._next] = batch
            self._known.pop(self._next - REMEMBERED, None)
            self._next += 1
        rows = self._known[wanted]
        if within >= len(rows):
            raise FetchError(str(path), Reason.UNREADABLE, f"has no row {at} any more")
        return rows[within]


def _batches(path: Path, columns: tuple[str, ...]) -> Iterator[list[Mapping[str, Any]]]:
    """All rows in lists of ``BATCH``, the last one shorter."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        needs = "Parquet needs pyarrow: pip install 'winnow-news[parquet]'"
        raise JobError(str(path), needs) from error
    try:
        # A buffer makes it read a column page by page, not a whole row group at once.
        with pyarrow.parquet.ParquetFile(path, buffer_size=1 << 20) as file:
            missing = {"url", "html"} - set(file.schema_arrow.names)
            if missing:
                detail = f"has no column {' and '.join(sorted(missing))}"
                raise FetchError(str(path), Reason.UNREADABLE, detail)
            waiting: list[Mapping[str, Any]] = []
            for batch in file.iter_batches(BATCH, columns=list(columns)):
                waiting += batch.to_pylist()
                while len(waiting) >= BATCH:
                    yield waiting[:BATCH]
                    waiting = waiting[BATCH:]
            if waiting:
                yield waiting
    except (pyarrow.ArrowException, OSError) as error:
        raise FetchError(str(path), Reason.UNREADABLE, f"Parquet: {error}"[:300]) from error
