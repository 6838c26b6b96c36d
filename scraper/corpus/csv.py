"""Rows as CSV for a spreadsheet, safe to open in one."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scraper.corpus.atomic import failing_as_output, put_in_place, temporary
from scraper.corpus.rows import COLUMNS, ArticleRow, encoded

NAMES = tuple(it for it in COLUMNS if it != "markdown")
# A spreadsheet takes a cell that starts so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvWriter:
    """Holds the temporary file that becomes the CSV when it is closed."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, temporary(path)
        with failing_as_output(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            # The signature at the front makes Excel read UTF-8.
            self._file = self._part.open("w", encoding="utf-8-sig", errors="replace", newline="")
            self._csv = csv.writer(self._file)
            self._csv.writerow(NAMES)

    def write(self, rows: Iterable[ArticleRow], /) -> int:
        count = 0
        with failing_as_output(self._path):
            for it in rows:
                held = it.as_dict()
                self._csv.writerow([cell(held[name]) for name in NAMES])
                count += 1
        return count

    def close(self) -> None:
        try:
            with failing_as_output(self._path):
                self._file.close()
            put_in_place(self._part, self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def abandon(self) -> None:
        try:
            with failing_as_output(self._path):
                self._file.close()
        finally:
            self._part.unlink(missing_ok=True)


def cell(value: Any) -> str:
    """A value as a cell.

    Lists of names are joined with ``; ``, what is nested is JSON, and text that a spreadsheet would
    run gets an apostrophe in front.

    >>> cell("=HYPERLINK(1)"), cell(["Ada", "Bo"]), cell(True), cell(None)
    ("'=HYPERLINK(1)", 'Ada; Bo', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(it, str) for it in value):
        value = "; ".join(value)
    if not isinstance(value, str):
        value = encoded(value).decode()
    # A NUL ends a cell in some readers.
    text: str = value.replace("\x00", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULA) else text
