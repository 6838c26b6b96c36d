"""The first step: a partition of pages or articles becomes leaves of articles with fingerprints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow
import pyarrow.parquet

from cleaners.duplicates.fingerprint import BANDS
from cleaners.duplicates.keep import has_agency
from cleaners.duplicates.shelf import sketches
from scraper.corpus.parquet import article_schema
from scraper.corpus.rows import ArticleRow, sound
from scraper.errors import ExtractError, Failure, Reason
from scraper.page import Page
from scraper.scale.guarded import Reader
from scraper.scale.inputs import Partition
from scraper.scale.pages import Item, items
from scraper.scale.stages.stories import PLACED
from scraper.scale.store import Store

ARTICLES: Final = "articles"
FAILURES: Final = "failures"
_BATCH: Final = 250  # articles whose fingerprints are made at once
_CHARACTERS: Final = 400_000  # likewise; each costs about a hundred bytes for a moment
_GROUP: Final = 1_000  # rows of a row group
_BYTES: Final = 16 << 10  # of a leaf in memory for each article that it may hold
# Columns in which the same values return.
_REPEATING: Final = ("language", "site", "section", "agency", "license", "page_type", "published")

PRINTS: Final = pyarrow.schema(
    [
        ("exact", pyarrow.uint64()),
        ("words", pyarrow.int32()),
        ("characters", pyarrow.int64()),
        ("wire", pyarrow.bool_()),
        ("bands", pyarrow.list_(pyarrow.uint32(), BANDS)),
        ("terms", pyarrow.list_(pyarrow.uint32())),
    ]
)
PLAIN: Final = pyarrow.schema([it for it in article_schema(pyarrow) if it.name not in PLACED])
LEAF: Final = pyarrow.schema([*PLAIN, *PRINTS])
FAILED: Final = pyarrow.schema(
    [(name, pyarrow.string()) for name in ("asked", "stage", "reason", "detail")]
)


@dataclass(slots=True)
class Tally:
    """Counts of what went by."""

    pages: int = 0
    articles: int = 0
    words: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def add(self, row: ArticleRow) -> None:
        self.articles += 1
        self.words += len(row.text.split())
        self.languages[row.language or "unknown"] += 1
        for it in row.removed:
            self.removed[it.label] += len(it.text.split())


def read_partition(
    partition: Partition, number: int, store: Store, reader: Reader, leaf: int
) -> tuple[list[int], Tally]:
    """Write the articles of a partition into leaves of at most ``leaf`` rows, and its failures.

    Gives how many rows each leaf has. Raises OutputError.
    """
    tally = Tally()
    failures: list[Failure] = []
    sizes: list[int] = []
    for table in _leaves(_rows(partition, reader, tally, failures), leaf):
        write_parquet(store, leaf_name(number, len(sizes)), table)
        sizes.append(table.num_rows)
    if failures:
        rows = [asdict(it) for it in failures]
        write_parquet(
            store,
            f"{FAILURES}/part-{number:06}.parquet",
            pyarrow.Table.from_pylist([sound(it) for it in rows], FAILED),
        )
    return sizes, tally


def leaf_name(partition: int, leaf: int, folder: str = ARTICLES) -> str:
    return f"{folder}/part-{partition:06}-{leaf:03}.parquet"


def _rows(
    partition: Partition, reader: Reader, tally: Tally, failures: list[Failure]
) -> Iterator[ArticleRow]:
    for it in items(partition):
        tally.pages += 1
        found = article(it, reader)
        if isinstance(found, Failure):
            tally.failed[found.reason.value] += 1
            failures.append(found)
        else:
            tally.add(found)
            yield found


def article(it: Item, reader: Reader) -> ArticleRow | Failure:
    """The article of a page; what is an article or a failure already stays as it is."""
    if not isinstance(it, Page):
        return it
    try:
        found = reader.read(it)
        if "row" not in found:
            raise ExtractError(it.url, Reason(found["reason"]), found["detail"])
    except ExtractError as error:
        return Failure.of(it.asked, error)
    return ArticleRow.of(found["row"])


def _leaves(rows: Iterator[ArticleRow], most: int) -> Iterator[Any]:
    waiting: list[Any] = []
    batch: list[ArticleRow] = []
    size = count = characters = 0
    for row in rows:
        batch.append(row)
        characters += len(row.text)
        is_full = count + len(batch) == most
        if is_full or len(batch) == _BATCH or characters > _CHARACTERS:
            waiting.append(with_prints(batch))
            count, size = count + len(batch), size + waiting[-1].nbytes
            batch, characters = [], 0
            if is_full or size > most * _BYTES:
                yield pyarrow.Table.from_batches(waiting)
                waiting, count, size = [], 0, 0
    if batch:
        waiting.append(with_prints(batch))
    if waiting:
        yield pyarrow.Table.from_batches(waiting)


def with_prints(rows: Sequence[ArticleRow]) -> Any:
    """A batch of the articles, with what is needed to find copies among them."""
    values = []
    for it in rows:
        each = sound(it.as_dict())
        each["origins"] = list(each["origins"].items())
        values.append(each)
    plain = pyarrow.RecordBatch.from_pylist(values, PLAIN)
    texts = [it["text"] for it in values]
    of = sketches(texts)
    columns = [
        pyarrow.array(of.exact),
        pyarrow.array(of.words.astype(np.int32)),
        pyarrow.array([len(it) for it in texts], pyarrow.int64()),
        pyarrow.array([has_agency(it["agency"], it["text"]) for it in values], pyarrow.bool_()),
        pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(of.bands.ravel()), BANDS),
        pyarrow.ListArray.from_arrays(of.first.astype(np.int32), pyarrow.array(of.terms)),
    ]
    return pyarrow.RecordBatch.from_arrays([*plain.columns, *columns], schema=LEAF)


def write_parquet(store: Store, name: str, table: Any) -> None:
    """Raises OutputError."""
    repeating = [it for it in table.column_names if it in _REPEATING]
    with store.sink(name) as file:
        pyarrow.parquet.write_table(
            table, file, compression="zstd", use_dictionary=repeating, row_group_size=_GROUP
        )
