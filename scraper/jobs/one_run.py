"""Keeps a second run out of a job's folder while one is at work there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scraper.errors import OutputError

NAME: Final = "run.lock"


@contextmanager
def one_run(folder: Path) -> Iterator[None]:
    """Hold the folder until the block ends, or the process does, however it ends.

    Two runs would ask the same hosts without knowing of each other. Raises OutputError while
    another one is at work.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            detail = f"another run is at work in this folder (process {file.read(20).strip()})"
            raise OutputError(str(folder), detail) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
