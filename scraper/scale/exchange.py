"""Hands rows from the tasks of one step to those of the next: one file a task, one batch a bucket.

A file is in Arrow's IPC format and has as many batches as there are buckets, so that who takes a
bucket reads its batch alone. It is written whole or not at all, as all files of a store are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pyarrow

from scraper.errors import OutputError
from scraper.scale.stages.frame import TO
from scraper.scale.store import ARROW_ERRORS, Store, said

_HOW: Final = pyarrow.ipc.IpcWriteOptions(compression="zstd")


def send(store: Store, name: str, table: Any, buckets: int) -> None:
    """Write a table with a column ``to`` so that each bucket can be taken by itself."""
    to = table.column(TO).to_numpy().astype(np.int64)
    order = np.argsort(to, kind="stable")
    ranked = table.drop_columns([TO]).take(order).combine_chunks()
    ends = np.searchsorted(to[order], np.arange(buckets + 1))
    with (
        store.sink(name) as file,
        pyarrow.ipc.new_file(file, ranked.schema, options=_HOW) as writer,
    ):
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            # Texts are large_string, so that a bucket is always one batch.
            batches = ranked.slice(start, end - start).to_batches()
            writer.write_batch(batches[0] if batches else _nothing(ranked.schema))


def _nothing(schema: Any) -> Any:
    return pyarrow.record_batch([pyarrow.array([], it.type) for it in schema], schema=schema)


def take(store: Store, names: Iterable[str], bucket: int) -> Any:
    """All that was sent to a bucket, in the order of the names. Raises OutputError."""
    found = []
    for name in names:
        try:
            with store.source(name) as file, pyarrow.ipc.open_file(file) as reader:
                found.append(reader.get_batch(bucket))
        except ARROW_ERRORS as error:
            raise OutputError(store.where(name), f"cannot be read back: {said(error)}") from error
    return pyarrow.Table.from_batches(found)


def keep(store: Store, name: str, table: Any) -> None:
    """Write a table that goes to nobody: the next step of the same number reads it."""
    with (
        store.sink(name) as file,
        pyarrow.ipc.new_file(file, table.schema, options=_HOW) as writer,
    ):
        writer.write_table(table)


def kept(store: Store, name: str) -> Any:
    """What ``keep`` wrote. Raises OutputError."""
    try:
        with store.source(name) as file, pyarrow.ipc.open_file(file) as reader:
            return reader.read_all()
    except ARROW_ERRORS as error:
        raise OutputError(store.where(name), f"cannot be read back: {said(error)}") from error
