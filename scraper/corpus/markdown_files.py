"""A folder with one Markdown file for each row: front matter with what is known, then the text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scraper.corpus.atomic import failing_as_output, write_whole
from scraper.corpus.file_names import file_name
from scraper.corpus.formats.markdown import escaped
from scraper.corpus.rows import ArticleRow, encoded

# What a reader looks up; what was removed and the links are for programs, and stand in JSONL.
FRONT = (
    "id", "url", "canonical", "title", "authors", "published", "modified", "language", "site",
    "section", "tags", "agency", "license", "paywalled", "page_type", "main_image", "fetched_at",
    "cluster", "keep", "match", "likeness",
)  # fmt: skip


class MarkdownWriter:
    """Writes each row into a file of its own, whose name is the title's words and the row's id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with failing_as_output(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def write(self, rows: Iterable[ArticleRow], /) -> int:
        count = 0
        for it in rows:
            path = self._folder / f"{file_name(it.title, it.id)}.md"
            write_whole(path, markdown_file(it).encode("utf-8", "replace"))
            count += 1
        return count

    def close(self) -> None:
        """Every file is already in its place."""

    def abandon(self) -> None:
        """What was written stays: every file is whole."""


def markdown_file(row: ArticleRow) -> str:
    """Front matter in YAML (its values are JSON, which is YAML too), a title, and the text."""
    held = row.as_dict()
    lines = ["---"]
    lines += [f"{name}: {_value(held[name])}" for name in FRONT if held[name] not in (None, [])]
    lines.append("---")
    if row.markdown is not None:
        body = row.markdown
    else:
        paragraphs = (escaped(it) for it in row.text.split("\n\n"))
        head = f"# {escaped(' '.join(row.title.split()))}\n\n" if row.title else ""
        body = head + "\n\n".join(paragraphs)
    return "\n".join(lines) + f"\n\n{body.strip()}\n"


def _value(value: Any) -> str:
    # U+2028 and U+2029 end a line in YAML 1.1, and U+0085 in every YAML.
    text = encoded(value).decode()
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
