"""Rows as Parquet, for pandas, Polars, DuckDB and Spark; needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scraper.corpus.atomic import failing_as_output, put_in_place, temporary
from scraper.corpus.rows import COLUMNS, ArticleRow, sound
from scraper.errors import OutputError

# Rows in memory before they become a row group: about 30 MB of articles with what was removed.
GROUP = 2_000


class ParquetWriter:
    """Holds the temporary file that becomes the Parquet file when it is closed."""

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            needs = "Parquet needs pyarrow: pip install 'winnow-news[parquet]'"
            raise OutputError(str(path), needs) from error
        self._path, self._part = path, temporary(path)
        self._arrow = pyarrow
        self._schema = article_schema(pyarrow)
        self._waiting: list[dict[str, Any]] = []
        with failing_as_output(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = pyarrow.parquet.ParquetWriter(
                self._part, self._schema, compression="zstd", store_schema=True
            )

    def write(self, rows: Iterable[ArticleRow], /) -> int:
        count = 0
        for it in rows:
            values = sound(it.as_dict())
            values["origins"] = list(values["origins"].items())
            self._waiting.append(values)
            count += 1
            if len(self._waiting) >= GROUP:
                self._flush()
        return count

    def _flush(self) -> None:
        if self._waiting:
            table = self._arrow.Table.from_pylist(self._waiting, schema=self._schema)
            with failing_as_output(self._path):
                self._file.write_table(table)
            self._waiting.clear()

    def close(self) -> None:
        try:
            self._flush()
            with failing_as_output(self._path):
                self._file.close()
            put_in_place(self._part, self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def abandon(self) -> None:
        try:
            with failing_as_output(self._path):
                self._file.close()
        finally:
            self._part.unlink(missing_ok=True)


def article_schema(arrow: Any) -> Any:
    """The columns of an article's row; ``arrow`` is pyarrow."""
    text = arrow.string()
    removed = arrow.struct(
        [
            ("label", text),
            ("rule", text),
            ("confidence", arrow.float64()),
            ("evidence", text),
            ("text", text),
            ("at", arrow.int64()),
        ]
    )
    others = {
        "authors": arrow.list_(text),
        "tags": arrow.list_(text),
        "images": arrow.list_(text),
        "links": arrow.list_(text),
        "removed": arrow.list_(removed),
        "origins": arrow.map_(text, text),
        "paywalled": arrow.bool_(),
        "keep": arrow.bool_(),
        "status": arrow.int32(),
        "likeness": arrow.float64(),
    }
    return arrow.schema([(it, others.get(it, text)) for it in COLUMNS if it != "markdown"])
