"""Every writer: what goes in comes out, nothing is torn, nothing leaves the folder, errors are typed."""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.errors import BadDocument
from scraper.corpus.csv import cell
from scraper.corpus.file_names import file_name
from scraper.corpus.reading import read_rows
from scraper.corpus.rows import ArticleRow, Removed, row_id
from scraper.corpus.writers import Format, Writer, open_writer
from scraper.errors import NothingMatched, OutputError

FORMATS = get_args(Format)
ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def writing(path: Path, format: Format) -> Iterator[Writer]:
    """A writer that is closed after the block, and abandoned where the block ends in an error."""
    writer = open_writer(path, format)
    is_done = False
    try:
        yield writer
        is_done = True
    finally:
        writer.close() if is_done else writer.abandon()


def made(number: int = 1, **known: object) -> ArticleRow:
    url = f"https://news.example/{number}"
    row = ArticleRow(
        id=row_id(url),
        url=url,
        text="The river rose.\n\nIt fell again on Sunday.",
        title="River rises, falls",
        authors=("Ada Example", "Bo Sample"),
        published="2024-05-03T15:47:42+02:00",
        paywalled=False,
        removed=(Removed("sharing", "sharing.words.en", 0.97, "share this", "Share this story"),),
        origins={"title": "json-ld headline"},
        status=200,
        likeness=0.5,
    )
    return replace(row, **known)


@pytest.mark.parametrize("format", ["jsonl", "sqlite", "parquet"])
def test_rows_come_back_as_they_were(tmp_path: Path, format: Format) -> None:
    rows = [
        made(1),
        made(2, title=None, authors=(), removed=(), origins={}, text="\x00 ü 新聞 \u2028"),
    ]
    path = tmp_path / f"rows.{format}"
    with writing(path, format) as writer:
        assert writer.write(rows) == 2
    assert [ArticleRow.of(it) for it in read_rows(path)] == rows


@given(title=st.text(max_size=60), text=st.text(max_size=200), tags=st.lists(st.text(max_size=20)))
@settings(max_examples=60, deadline=None)
def test_any_text_survives_json(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: str, tags: list[str]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    with writing(path, "jsonl") as writer:
        writer.write([made(1, title=title, text=text, tags=tuple(tags))])
    (found,) = read_rows(path)
    assert (found["title"], found["text"], found["tags"]) == (title, text, tags)


@pytest.mark.parametrize("format", FORMATS)
def test_half_a_surrogate_pair_is_written_all_the_same(tmp_path: Path, format: Format) -> None:
    with writing(tmp_path / "out", format) as writer:
        assert writer.write([made(1, title="half \ud83d", tags=("\udc00",))]) == 1


def test_a_torn_last_line_is_taken_off_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with writing(path, "jsonl") as writer:
        writer.write([made(1), made(2)])
    whole = path.read_bytes()
    for cut in (1, 40, len(whole.splitlines()[1]) - 1):
        path.write_bytes(whole[:-cut])
        with writing(path, "jsonl") as writer:
            writer.write([made(3)])
        urls = [it["url"][-1] for it in read_rows(path)]
        assert urls == (["1", "2", "3"] if cut == 1 else ["1", "3"])


def test_a_torn_line_longer_than_one_step_back(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"a": 1}\n{"text": "' + b"x" * 300_000)
    open_writer(path, "jsonl").close()
    assert path.read_bytes() == b'{"a": 1}\n'


def test_a_row_of_the_same_address_is_replaced_in_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite"
    for title in ("first", "second"):
        with writing(path, "sqlite") as writer:
            writer.write([made(1, title=title)])
    assert [it["title"] for it in read_rows(path)] == ["second"]


def test_a_batch_that_fails_leaves_nothing_of_itself_in_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "rows.sqlite"
    with writing(path, "sqlite") as writer:
        writer.write([made(1)])
        with pytest.raises(OutputError, match=r"rows\.sqlite"):
            writer.write([made(2), made(3, text=None)])
        writer.write([made(4)])
    assert [it["url"][-1] for it in read_rows(path)] == ["1", "4"]


def _write_and_fail(path: Path, format: Format) -> None:
    with writing(path, format) as writer:
        writer.write([made(1)])
        raise RuntimeError


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_whole_file_is_replaced_only_when_it_is_whole(tmp_path: Path, format: Format) -> None:
    path = tmp_path / f"rows.{format}"
    path.write_text("what was there")
    with pytest.raises(RuntimeError):
        _write_and_fail(path, format)
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]
    with writing(path, format) as writer:
        writer.write([made(1)])
    assert path.read_bytes() != b"what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    bad = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"]
    with writing(path, "csv") as writer:
        writer.write([made(n, title=it, text=it, authors=(it, "Bo")) for n, it in enumerate(bad)])
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [it["title"] for it in rows] == [f"'{it}" for it in bad]
    assert not any(it[:1] in "=+-@\t\r" for row in rows for it in row.values() if it)


@given(st.text())
def test_a_cell_never_begins_like_a_formula(text: str) -> None:
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


HOSTILE = [
    "../../etc/passwd",
    "\x00",
    "x" * 300,
    "CON",
    "nul.txt",
    'a/b\\c:d*e?f"g<h>i|j',
    ".",
    "..",
    "",
    "ſ",
    "é" * 300,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_markdown_files_stay_in_their_folder(tmp_path: Path, title: str) -> None:
    folder = tmp_path / "out"
    with writing(folder, "markdown") as writer:
        writer.write(
            [made(1, title=title), made(2, title=title.upper()), made(3, title=title.lower())]
        )
    assert len(list(folder.iterdir())) == 3
    assert list(tmp_path.rglob("*.md")) == list(folder.glob("*.md"))


@given(st.text(), st.text(min_size=1))
def test_a_file_name_is_safe_everywhere(title: str, id: str) -> None:
    name = file_name(title, id)
    assert len(name.encode()) < 255 - 40
    assert not set(name) & set('/\\:*?"<>|\x00. ')
    assert all(it.isprintable() for it in name)
    assert name == name.casefold() or name.casefold() != name.lower()
    assert name.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


def test_the_front_matter_is_yaml_whatever_the_title(tmp_path: Path) -> None:
    title = 'A: "b" # c\n--- \u2028 end'
    with writing(tmp_path, "markdown") as writer:
        writer.write([made(1, title=title)])
    (path,) = tmp_path.glob("*.md")
    text = path.read_text("utf-8")
    front = dict(it.split(": ", 1) for it in text.split("---\n")[1].splitlines())
    assert orjson.loads(front["title"]) == title
    assert orjson.loads(front["authors"]) == ["Ada Example", "Bo Sample"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path, format: Format) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        open_writer(tmp_path / "file" / "rows", format)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("format", FORMATS)
def test_no_permission_is_an_output_error(tmp_path: Path, format: Format) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match=r"(?i)permission|unable to open"):
        open_writer(tmp_path / "rows", format)
    tmp_path.chmod(0o700)


def test_an_sqlite_file_of_others_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "theirs.db"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE theirs (x)")
    base.commit()
    base.close()
    with pytest.raises(OutputError, match="not ours"):
        open_writer(path, "sqlite")
    path.write_bytes(b"no database at all, and long enough to be looked at" * 20)
    with pytest.raises(OutputError, match="not a database"):
        open_writer(path, "sqlite")


FULL_DISK = """
    import sys
    from pathlib import Path
    from scraper.corpus.rows import ArticleRow
    from scraper.errors import OutputError
    from tests.scraper.corpus.test_writers import writing
    path, format = Path(sys.argv[1]), sys.argv[2]
    rows = [ArticleRow(id=str(n), url="u", text=hex(hash((n, 1)) ** 40)) for n in range(300)]
    try:
        with writing(path, format) as writer:
            for at in range(0, 300, 50):
                writer.write(rows[at : at + 50])
    except OutputError as error:
        print(error)
"""


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet", "sqlite"])
def test_a_full_disk_is_an_output_error_and_tears_no_line(tmp_path: Path, format: Format) -> None:
    path = tmp_path / f"rows.{format}"
    most = 60_000
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FULL_DISK), str(path), format],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,  # where ``tests`` is found, wherever the tests were started
    )
    assert str(path) in done.stdout
    if format == "jsonl":
        assert 0 < sum(1 for _ in read_rows(path)) < 300
    elif format != "sqlite":
        assert list(tmp_path.iterdir()) == []


def test_bad_rows_are_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n{"a": \n[1]\n{"a": 2}\n')
    with pytest.raises(BadDocument, match=r"rows\.jsonl:3: not JSON"):
        list(read_rows(path))
    bad: list[str] = []
    rows = list(read_rows(path, on_bad=lambda where, _: bad.append(where)))
    assert rows == [{"a": 1}, {"a": 2}]
    assert [it.rsplit(":", 1)[1] for it in bad] == ["3", "4"]


def test_a_folder_of_texts_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text("second")
    (tmp_path / "a.md").write_text("\ufefffirst")
    (tmp_path / "c.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    bad: list[str] = []
    rows = list(read_rows(tmp_path, on_bad=lambda where, _: bad.append(where)))
    assert rows == [{"id": "a", "text": "first"}, {"id": "b/two", "text": "second"}]
    assert bad == [str(tmp_path / "c.txt")]


@pytest.mark.parametrize("name", ["none.jsonl", "empty"])
def test_what_cannot_be_rows_is_no_match(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingMatched):
        list(read_rows(tmp_path / name))


@pytest.mark.parametrize("start", [b"PAR1", b"SQLite format 3\x00", b"\x1f\x8b"])
def test_a_broken_file_is_named(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "broken"
    path.write_bytes(start + b"broken" * 100)
    with pytest.raises(BadDocument, match="broken"):
        list(read_rows(path))
