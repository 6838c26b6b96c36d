"""Where ``winnow extract`` puts its articles: stdout, a file, a folder, or a file of rows."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.cli.extract_pages import Made
from scraper.cli.terminal import safe
from scraper.corpus.atomic import write_whole
from scraper.corpus.formats.written import ENDINGS, Form
from scraper.corpus.rows import ArticleRow
from scraper.corpus.writers import Writer, format_of, open_writer

BATCH = 100  # rows for each fsync


class Results:
    """Holds the open output, if it is one for all pages.

    ``out`` is ``-``, a folder (it exists, ends with /, or there are several pages), a file of rows
    (by its ending: .jsonl, .sqlite, .csv, .parquet), or a file for one article.
    """

    def __init__(self, out: str, form: Form, *, several: bool) -> None:
        self._form = form
        self._several = several
        self._path = None if out == "-" else Path(out)
        self._rows: list[ArticleRow] = []
        self._writer: Writer | None = None
        self._is_folder = False
        self._names: set[str] = set()
        if self._path is None:
            return
        kind = format_of(self._path)
        self._is_folder = self._path.is_dir() or out.endswith("/") or (several and kind is None)
        if kind is not None and not self._is_folder:
            self._writer = open_writer(self._path, kind)

    @property
    def takes_rows(self) -> bool:
        return self._writer is not None

    def put(self, made: Made) -> None:
        """One article."""
        if self._writer and made.row:
            self._rows.append(ArticleRow.of(made.row))
            if len(self._rows) >= BATCH:
                self._flush()
        elif self._path and self._is_folder:
            write_whole(self._path / self._free(made.place), made.text.encode("utf-8", "replace"))
        elif self._path:
            write_whole(self._path, made.text.encode("utf-8", "replace"))
        else:
            self._print(made)

    def _print(self, made: Made) -> None:
        text = made.text
        if self._several and self._form != "json":
            text = f"==> {safe(made.name)} <==\n{text}\n"
        if sys.stdout.isatty():
            text = safe(text)
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()

    def _free(self, place: Path) -> Path:
        """The place with the format's ending; a second page of one name gets a number."""
        stem = place
        while stem.suffix.lower() in (".gz", ".html", ".htm", ".xhtml"):
            stem = stem.with_suffix("")
        parts = [it for it in stem.parts if it not in ("..", ".", "/")]
        name = "/".join(parts) or "page"
        free, number = name, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{name}-{number}"
        self._names.add(free.casefold())
        return Path(f"{free}{ENDINGS[self._form]}")

    def _flush(self) -> None:
        if self._writer and self._rows:
            self._writer.write(self._rows)
            self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is None:
            return
        if kind is None:
            self._flush()
            self._writer.close()
        else:
            self._writer.abandon()
