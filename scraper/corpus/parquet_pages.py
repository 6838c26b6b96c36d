"""Pages that lie in a Parquet file with the columns url and html; needs the extra ``parquet``.

Rows are read in their order, some at a time: such a file may hold more pages than memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scraper.corpus.rows_in_order import BATCH
from scraper.errors import FetchError, JobError, Reason

MAGIC: Final = b"PAR1"


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
    for row in read(path, ("url",)):
        yield row["url"] if isinstance(row["url"], str) else None


def read(path: Path, columns: tuple[str, ...] = ("url", "html")) -> Iterator[Mapping[str, Any]]:
    """All rows. Raises FetchError (unreadable), as above."""
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
            for batch in file.iter_batches(BATCH, columns=list(columns)):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise FetchError(str(path), Reason.UNREADABLE, f"Parquet: {error}"[:300]) from error
