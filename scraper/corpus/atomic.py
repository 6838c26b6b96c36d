"""Writes a whole file or leaves what was there: a temporary file, fsync, rename."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scraper.errors import OutputError


@contextmanager
def failing_as_output(path: Path) -> Iterator[None]:
    """Turns what the operating system says into an OutputError that names path and cause."""
    try:
        yield
    except OSError as error:
        raise OutputError(str(path), error.strerror or str(error)) from error


def temporary(path: Path) -> Path:
    """A name beside ``path`` that only this process uses; on one disk, so a rename is whole."""
    return path.with_name(f".{path.name[:100]}.{os.getpid()}.part")


def put_in_place(part: Path, path: Path, *, durable: bool = True) -> None:
    """Make the finished ``part`` the file ``path``; ``durable``: make the disk keep it.

    What is there and no file (/dev/null, a pipe) is written to, and never replaced: for root a
    rename would put a file in the place of the device.
    """
    with failing_as_output(path):
        if path.exists() and not path.is_file():
            with part.open("rb") as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            part.unlink()
            return
        if durable:
            with part.open("rb") as file:
                os.fsync(file.fileno())
        part.replace(path)
        if durable:
            keep_folder(path.parent)


def keep_folder(folder: Path) -> None:
    """Make the disk keep the names in a folder, where the system can (Windows cannot)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file in one piece. Raises OutputError; then what was there is still there."""
    part = temporary(path)
    try:
        with failing_as_output(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
        put_in_place(part, path)
    finally:
        with suppress(OSError):  # where the folder is a file, there is no part either
            part.unlink(missing_ok=True)
