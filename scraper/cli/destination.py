"""Where a command puts texts, one after the other: stdout, one file, or a folder of files."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from scraper.corpus.atomic import failing_as_output, put_in_place, temporary, write_whole


class Destination:
    """Holds the open output. A file is put in place when all is written, or not at all.

    ``out`` is ``-``, a folder (it exists, ends with /, or ``is_folder`` says so), or a file.
    Where nothing was put, a file is made only if ``may_be_empty``.
    """

    def __init__(self, out: str, *, is_folder: bool = False, may_be_empty: bool = True) -> None:
        self._path = None if out == "-" else Path(out)
        self.is_folder = self._path is not None and (
            is_folder or out.endswith("/") or self._path.is_dir()
        )
        self._is_wanted = may_be_empty
        self._names: set[str] = set()
        self._part: Path | None = None
        self._file: BinaryIO = sys.stdout.buffer
        if self._path and not self.is_folder:
            with failing_as_output(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._part = temporary(self._path)
                self._file = self._part.open("wb")

    @property
    def is_stdout(self) -> bool:
        return self._path is None

    def put(self, name: str, content: bytes, ending: str = "") -> None:
        """Adds to the output; into a folder, as a file of its own that is called ``name``."""
        if self._path is None:
            self._file.write(content)
            self._file.flush()
        elif self.is_folder:
            write_whole(self._path / self._free(name, ending), content)
        else:
            self._is_wanted = True
            with failing_as_output(self._path):
                self._file.write(content)

    def _free(self, name: str, ending: str) -> Path:
        """A place inside of the folder; a second text of one name gets a number.

        A name may be an address, or climb out of the folder: only its plain parts stay.
        """
        parts = [it for it in name.replace("\\", "/").split("/") if it.strip(". ")]
        plain = "/".join(parts) or "text"
        free, number = plain, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{plain}-{number}"
        self._names.add(free.casefold())
        return Path(f"{free}{ending}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._part is None or self._path is None:
            return
        self._file.close()
        if kind is None and self._is_wanted:
            put_in_place(self._part, self._path)
        self._part.unlink(missing_ok=True)
