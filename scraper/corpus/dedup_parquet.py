"""Writes rows of any columns as Parquet; needs the extra ``parquet``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from scraper.errors import OutputError

_GROUP: Final = 2_000  # rows of a row group
_OURS: Final = {"cluster": "string", "keep": "bool", "match": "string", "likeness": "float64"}
# A paragraph that returns, in the column ``repeated``.
_RETURNING: Final = {"start": "int64", "end": "int64", "documents": "int64", "text": "string"}


def write_dicts(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """How many rows were written. Columns and their types are those of the first 2,000 rows.

    Raises:
        OutputError: there is no pyarrow, or a later row does not fit the types of the first.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        needs = "Parquet needs pyarrow: pip install 'winnow-news[parquet]'"
        raise OutputError(str(path), needs) from error
    source = iter(rows)
    first = list(islice(source, _GROUP))
    count = 0
    try:
        schema = pyarrow.Table.from_pylist(first).schema
        # Where no row of the first has a copy, nothing would tell these columns' types.
        for place, name in enumerate(schema.names):
            if name in _OURS:
                kind = pyarrow.type_for_alias(_OURS[name])
                schema = schema.set(place, pyarrow.field(name, kind))
            elif name == "repeated":
                fields = [(key, pyarrow.type_for_alias(it)) for key, it in _RETURNING.items()]
                kind = pyarrow.list_(pyarrow.struct(fields))
                schema = schema.set(place, pyarrow.field(name, kind))
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as file:
            for group in chain([first], iter(lambda: list(islice(source, _GROUP)), [])):
                file.write_table(pyarrow.Table.from_pylist(group, schema=schema))
                count += len(group)
    except (pyarrow.ArrowException, TypeError) as error:
        raise OutputError(str(path), f"Parquet: {error}") from error
    return count
