"""What all tasks of a build know: how many buckets and leaves there are, and where each begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow
from numpy.typing import NDArray

from cleaners.duplicates.words import Rows, mixed
from scraper.scale.settings import CopySettings

Tables = Mapping[str, Any]
TO: Final = "to"  # the column that says which bucket a row goes to


@dataclass(frozen=True, slots=True)
class Frame:
    """``leaves``: the first document of each leaf, and the end. ``groups``: the first group of each
    bucket, and the end, once groups have numbers. Documents are numbered through all leaves, groups
    of equal texts through all buckets, ascending with what they say.
    """

    copies: CopySettings = field(default_factory=CopySettings)
    buckets: int = 1
    leaves: tuple[int, ...] = (0,)
    groups: tuple[int, ...] = (0,)

    def leaf_of(self, documents: NDArray[Any]) -> Rows:
        return _place(self.leaves, documents)

    def home(self, groups: NDArray[Any]) -> Rows:
        """The bucket in which each group lives."""
        return _place(self.groups, groups)

    def spread(self, keys: NDArray[Any]) -> Rows:
        """A bucket for each key, as if by chance and always the same."""
        return bucket_of(mixed(keys.astype(np.uint64)), self.buckets)


def _place(starts: tuple[int, ...], numbers: NDArray[Any]) -> Rows:
    return np.searchsorted(np.array(starts), numbers.astype(np.int64), side="right") - 1


def column(table: Any, name: str) -> NDArray[Any]:
    """A column of numbers or truths without nulls, as an array."""
    found: NDArray[Any] = table.column(name).to_numpy()
    return found


def table(**columns: Any) -> Any:
    """A table of arrays."""
    return pyarrow.table({name: pyarrow.array(it) for name, it in columns.items()})


def bucket_of(keys: NDArray[np.uint64], buckets: int) -> NDArray[np.int64]:
    """The bucket of hashes that are spread evenly; ascending with the hash.

    >>> bucket_of(np.array([0, 2**63, 2**64 - 1], dtype=np.uint64), 4).tolist()
    [0, 2, 3]
    """
    return ((keys >> np.uint64(32)) * np.uint64(buckets) >> np.uint64(32)).astype(np.int64)
