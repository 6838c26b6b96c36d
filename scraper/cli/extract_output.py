"""Where ``winnow extract`` puts its articles: stdout, a file, a folder, or a file of rows."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.cli.destination import Destination
from scraper.cli.extract_pages import Made
from scraper.cli.terminal import safe
from scraper.corpus.formats.written import ENDINGS, Form
from scraper.corpus.rows import ArticleRow
from scraper.corpus.writers import Writer, format_of, open_writer

BATCH = 100  # rows for each fsync


class Results:
    """Holds the open output, if it is one for all pages.

    ``out`` is a file of rows (by its ending: .jsonl, .sqlite, .csv, .parquet), or what a
    ``Destination`` takes: several pages that are no rows go into a folder.
    """

    def __init__(self, out: str, form: Form, *, several: bool) -> None:
        self._form = form
        self._several = several
        self._rows: list[ArticleRow] = []
        self._to: Destination | None = None
        self._writer: Writer | None = None
        kind = None if out == "-" else format_of(Path(out))
        if kind is None or out.endswith("/") or Path(out).is_dir():
            self._to = Destination(out, is_folder=several and kind is None, may_be_empty=False)
        else:
            self._writer = open_writer(Path(out), kind)

    @property
    def takes_rows(self) -> bool:
        return self._writer is not None

    def put(self, made: Made) -> None:
        """One article."""
        if self._writer and made.row:
            self._rows.append(ArticleRow.of(made.row))
            if len(self._rows) >= BATCH:
                self._flush()
        elif self._to:
            text = self._shown(made) if self._to.is_stdout else made.text
            content = text.encode("utf-8", "replace")
            self._to.put(_stem(made.place), content, ENDINGS[self._form])

    def _shown(self, made: Made) -> str:
        text = made.text
        if self._several and self._form != "json":
            text = f"==> {safe(made.name)} <==\n{text}\n"
        return safe(text) if sys.stdout.isatty() else text

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
        if self._to:
            self._to.__exit__(kind, error, trace)
        elif self._writer and kind is None:
            self._flush()
            self._writer.close()
        elif self._writer:
            self._writer.abandon()


def _stem(place: Path) -> str:
    """Where a page lay, without the endings of a saved page."""
    while place.suffix.lower() in (".gz", ".html", ".htm", ".xhtml"):
        place = place.with_suffix("")
    return place.as_posix()
