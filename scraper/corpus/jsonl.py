"""Rows as JSON lines: added to at the end, a line torn by a crash taken off at the next opening."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import orjson

from scraper.corpus.atomic import failing_as_output, keep_folder
from scraper.corpus.rows import ArticleRow, encoded

_STEP = 1 << 16  # bytes read at a time when looking back for a line's end


class JsonlWriter:
    """Holds the open file. Each ``write`` is one fsync: call it with batches."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with failing_as_output(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)
            self._end = mend(self._file)
            keep_folder(path.parent)

    def write(self, rows: Iterable[ArticleRow], /) -> int:
        """Append the rows, on disk when this returns. A batch that fails leaves nothing."""
        lines = [encoded(it.as_dict()) + b"\n" for it in rows]
        if not lines:
            return 0
        batch = b"".join(lines)
        with failing_as_output(self._path):
            try:
                _write_all(self._file, batch)
                os.fsync(self._file.fileno())
            except OSError:
                # A disk that is full took a part of the batch: take it back.
                os.ftruncate(self._file.fileno(), self._end)
                raise
        self._end += len(batch)
        return len(lines)

    def close(self) -> None:
        with failing_as_output(self._path):
            self._file.close()

    def abandon(self) -> None:
        """What was written stays: every line is whole."""
        self.close()


def mend(file: BinaryIO) -> int:
    """Make the file end with a whole line, and tell where that is.

    A last line without its line end is kept when it is whole JSON, and taken off when it is not.
    """
    end = file.seek(0, os.SEEK_END)
    start, tail = end, b""
    while start > 0 and b"\n" not in tail:
        step = min(_STEP, start)
        start -= step
        file.seek(start)
        tail = file.read(step) + tail
    cut = tail.rfind(b"\n") + 1
    last = tail[cut:]
    if not last:
        return end
    try:
        orjson.loads(last)
    except orjson.JSONDecodeError:
        file.truncate(start + cut)
        return start + cut
    file.seek(0, os.SEEK_END)
    _write_all(file, b"\n")
    return end + 1


def _write_all(file: BinaryIO, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
