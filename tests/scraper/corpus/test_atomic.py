"""A file is replaced as a whole; what is no file is written to and stays what it is."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from scraper.corpus.atomic import put_in_place, write_whole
from scraper.errors import OutputError


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [it.name for it in tmp_path.iterdir()] == ["rows"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    """As /dev/null must: to root, a rename would make a file of it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    part = tmp_path / "part"
    part.write_bytes(b"rows")
    put_in_place(part, pipe)
    reader.join(timeout=10)
    assert read == [b"rows"]
    assert pipe.is_fifo()
    assert not part.exists()


def test_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "rows").mkdir()
    with pytest.raises(OutputError, match="rows"):
        write_whole(tmp_path / "rows", b"one")
