"""Where ``winnow clean`` puts what it cleaned: stdout, a file, a folder; and its reasons."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import orjson

from cleaners.explain import explained, reasons
from scraper.cli.terminal import safe
from scraper.corpus.atomic import failing_as_output, put_in_place, temporary, write_whole

if TYPE_CHECKING:
    from cleaners.labels import Cleaned

# Red for what goes is too loud for a page of it; the label stands out, the rest is dim.
_LABEL, _DIM, _PLAIN = "\x1b[33m", "\x1b[2m", "\x1b[0m"


class Results:
    """Holds the open output. A file is put in place when all is written, or not at all."""

    def __init__(self, out: str, *, explain: bool, as_json: bool) -> None:
        self._explain, self._as_json = explain, as_json
        self._is_folder = out.endswith("/") or Path(out).is_dir()
        self._path = None if out == "-" else Path(out)
        self._part: Path | None = None
        self._file: BinaryIO = sys.stdout.buffer
        if self._path and not self._is_folder:
            with failing_as_output(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._part = temporary(self._path)
                self._file = self._part.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._part is None or self._path is None:
            self._file.flush()
            return
        self._file.close()
        if kind is None:
            put_in_place(self._part, self._path)
        self._part.unlink(missing_ok=True)

    def text(self, name: str, cleaned: Cleaned) -> None:
        """One text, as a text or as a JSON object with the blocks that were removed."""
        if self._as_json:
            content = orjson.dumps({"text": cleaned.text, "removed": reasons(cleaned)})
        else:
            content = cleaned.text.encode()
        self._put(Path(name).name, content + b"\n")
        self._say(name, cleaned)

    def row(self, name: str, row: dict[str, Any], field: str, cleaned: Cleaned) -> None:
        """One row with its text cleaned; into a folder, the text alone as a file of its own."""
        if self._is_folder and not self._as_json:
            self._put(f"{name}.txt", cleaned.text.encode() + b"\n")
        else:
            changed = {**row, field: cleaned.text}
            if self._as_json:
                changed["removed"] = reasons(cleaned)
            ending = b"" if self._is_folder else b"\n"
            self._put(f"{name}.json", orjson.dumps(changed) + ending)
        self._say(name, cleaned)

    def _put(self, name: str, content: bytes) -> None:
        if self._is_folder and self._path:
            # A row's id may be an address, or climb out of the folder: only its plain parts stay.
            parts = [it for it in name.replace("\\", "/").split("/") if it.strip(". ")]
            write_whole(self._path.joinpath(*parts), content)
        elif self._path:
            with failing_as_output(self._path):
                self._file.write(content)
        else:
            self._file.write(content)

    def _say(self, name: str, cleaned: Cleaned) -> None:
        if not self._explain:
            return
        is_colored = sys.stderr.isatty()
        for line in explained(cleaned):
            text = safe(line)
            if is_colored:
                label, _, rest = text.partition(" ")
                text = f"{_LABEL}{label}{_PLAIN} {_DIM}{rest}{_PLAIN}"
            print(f"{safe(name)}: {text}", file=sys.stderr)
