"""Files on a disk or in an object store, written whole or not at all."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scraper.corpus.atomic import keep_folder
from scraper.errors import JobError, OutputError

try:
    import pyarrow
    from pyarrow import fs as filesystems
except ImportError as error:
    needs = "it needs pyarrow: pip install 'winnow-news[parquet]'"
    raise JobError("winnow corpus", needs) from error

# What Arrow's files and stores raise; its I/O errors are OSErrors.
ARROW_ERRORS = (OSError, pyarrow.ArrowException)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder: ``root`` is a path, or an address such as ``s3://bucket/corpus``.

    What Arrow's file systems take stands after a question mark:
    ``s3://bucket/corpus?endpoint_override=http://127.0.0.1:9000``.
    """

    root: str

    def path(self, name: str) -> str:
        return f"{opened(self.root)[1].rstrip('/')}/{name}"

    def where(self, name: str = "") -> str:
        """The address of a file as a person may see it: without a query, which may hold a key."""
        return f"{shown(self.root).rstrip('/')}/{name}".rstrip("/")

    @property
    def is_local(self) -> bool:
        return str(opened(self.root)[0].type_name) == "local"

    @contextmanager
    def sink(self, name: str) -> Iterator[Any]:
        """An open file that gets its name when all has gone well. Raises OutputError."""
        system, _ = opened(self.root)
        path = self.path(name)
        # An object in a store is there from the moment when it is whole; a file needs a rename.
        part = f"{path}.{os.getpid()}.{threading.get_ident()}.part" if self.is_local else path
        try:
            system.create_dir(path.rpartition("/")[0], recursive=True)
            with system.open_output_stream(part) as file:
                yield file
            if self.is_local:
                with Path(part).open("rb") as written:
                    os.fsync(written.fileno())
                Path(part).replace(path)
                keep_folder(Path(path).parent)
        except ARROW_ERRORS as error:
            raise OutputError(self.where(name), said(error)) from error
        finally:
            if self.is_local:
                with suppress(OSError):
                    Path(part).unlink(missing_ok=True)

    def source(self, name: str) -> Any:
        """The file, open for reading anywhere in it. Raises OutputError."""
        system, _ = opened(self.root)
        try:
            return system.open_input_file(self.path(name))
        except ARROW_ERRORS as error:
            raise OutputError(self.where(name), said(error)) from error

    def write(self, name: str, content: bytes) -> None:
        with self.sink(name) as file:
            file.write(content)

    def read(self, name: str) -> bytes | None:
        """What stands in a file; None where there is none. Raises OutputError."""
        system, _ = opened(self.root)
        try:
            with system.open_input_stream(self.path(name), compression=None) as file:
                content: bytes = file.read()
                return content
        except FileNotFoundError:
            return None
        except ARROW_ERRORS as error:
            raise OutputError(self.where(name), said(error)) from error

    def names(self, folder: str) -> list[str]:
        """The names of the files of a folder, sorted; none where there is no such folder."""
        system, _ = opened(self.root)
        chosen = filesystems.FileSelector(self.path(folder), allow_not_found=True)
        try:
            found = system.get_file_info(chosen)
        except ARROW_ERRORS as error:
            raise OutputError(self.where(folder), said(error)) from error
        return sorted(it.base_name for it in found if it.is_file)

    def size(self, name: str) -> int:
        """Bytes of a file; 0 where there is none."""
        return int(opened(self.root)[0].get_file_info(self.path(name)).size or 0)

    def remove(self, name: str) -> None:
        """Takes a file away, if it is there. Raises OutputError."""
        system, _ = opened(self.root)
        try:
            system.delete_file(self.path(name))
        except FileNotFoundError:
            return
        except ARROW_ERRORS as error:
            raise OutputError(self.where(name), said(error)) from error


@cache
def opened(root: str) -> tuple[Any, str]:
    """The file system of an address and the path in it; once for each process.

    Raises JobError where nobody knows such addresses.
    """
    if "://" not in root:
        return filesystems.LocalFileSystem(), os.path.abspath(root)  # noqa: PTH100  nothing is read
    try:
        found: tuple[Any, str] = filesystems.FileSystem.from_uri(root)
    except (*ARROW_ERRORS, ValueError) as error:
        raise JobError(shown(root), said(error)) from error
    return found


def shown(address: str) -> str:
    """An address without what may be secret: its query, and who logs in.

    >>> shown("s3://key:secret@bucket/a?region=x")
    's3://bucket/a'
    """
    scheme, mark, rest = address.partition("://")
    if not mark:
        return address
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def said(error: BaseException) -> str:
    """What an error says, in one line."""
    detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(detail).split())[:300]
