"""Files of sorted numbers: a search finds what a search through all of them finds."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.duplicates import segments
from cleaners.duplicates.segments import in_memory, opened, written
from cleaners.errors import BadIndex

NUMBERS = st.lists(st.integers(0, 300), max_size=400)


@given(NUMBERS, NUMBERS)
def test_places_are_those_of_a_search_through_all(held: list[int], sought: list[int]) -> None:
    column = np.sort(np.array(held, dtype=np.uint64))
    asked = np.sort(np.array(sought, dtype=np.uint64))
    with mock.patch.object(segments, "_SHORT", 1):
        places = in_memory("", 0, column).places(asked)
    assert places.tolist() == np.searchsorted(column, asked).tolist()


@given(st.lists(NUMBERS, max_size=5))
def test_a_file_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[int]]
) -> None:
    column = np.sort(np.array([it for part in parts for it in part], dtype=np.uint64))
    portions = np.split(column, np.cumsum([len(it) for it in parts]))
    folder = tmp_path_factory.mktemp("segments")
    found = written(folder, "a.keys", 3, portions)
    assert found.column.tolist() == column.tolist()
    assert found.fence.tolist() == column[::64].tolist()
    again = opened(folder, "a.keys", 3)
    assert (again.level, again.column.tolist()) == (3, column.tolist())
    assert [it.name for it in folder.iterdir()] == ["a.keys"]


def test_a_file_that_is_gone_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadIndex, match=r"b\.keys"):
        opened(tmp_path, "b.keys", 0)
