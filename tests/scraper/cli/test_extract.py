"""``winnow extract`` as people call it: real files, real processes, real exit codes."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scraper.cli.main import main

SITES = Path(__file__).parents[3] / "fixtures" / "sites"
PAGE = (
    SITES / "www.northcourier.example.test" / "arts" / "article109320-museum-of-lost-umbrellas.html"
)
URL = "http://www.northcourier.example.test/arts/article109320-museum-of-lost-umbrellas"
ODDMENTS = SITES / "oddments.example.test"
RUN = [sys.executable, "-c", "from scraper.cli.main import main; main()", "extract"]


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: bytes
    stderr: bytes


Winnow = Callable[..., Done]


@pytest.fixture
def winnow(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Winnow:
    """The command in this process, which has read its model already."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["winnow", "extract", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stop:
            main()
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Done(int(stop.value.code or 0), out, err)

    return run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages, two of them of one name, one that is no page, and a file of another kind."""
    folder = tmp_path_factory.mktemp("pages")
    html = PAGE.read_bytes()
    (folder / "below").mkdir()
    (folder / "a.html").write_bytes(html)
    (folder / "a.htm").write_bytes(html)
    (folder / "below" / "b.html.gz").write_bytes(gzip.compress(html))
    (folder / "binary.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "note.txt").write_text("not a page")
    return folder


def test_text_of_a_file(winnow: Winnow) -> None:
    done = winnow(PAGE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"There are 1,140 umbrellas in the first room")
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("markdown", b"# A museum for what people leave on trains\n"),
        ("json", b'{"id":"'),
        ("xml", b'<?xml version="1.0"'),
        ("html", b"<!DOCTYPE html>\n"),
    ],
)
def test_formats_from_stdin(winnow: Winnow, form: str, start: bytes) -> None:
    done = winnow("-", "--format", form, "--url", URL, stdin=PAGE.read_bytes())
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(start)
    assert b"umbrellas" in done.stdout
    if form == "json":
        row = json.loads(done.stdout)
        assert (row["url"], row["authors"]) == (URL, ["Harriet Nunn"])


def test_a_folder_into_a_folder(winnow: Winnow, folder: Path, tmp_path: Path) -> None:
    done = winnow(folder, "-o", tmp_path / "out", "-f", "markdown")
    assert done.returncode == 3
    assert (
        done.stderr.decode()
        == f"{folder}/binary.html: not_html: " + done.stderr.decode().split("not_html: ")[1]
    )
    names = sorted(str(it.relative_to(tmp_path / "out")) for it in (tmp_path / "out").rglob("*.*"))
    assert names == ["a-2.md", "a.md", "below/b.md"]


def test_a_folder_into_rows_with_processes(winnow: Winnow, folder: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert winnow(folder, "-o", one, "--workers", "1").returncode == 3
    done = winnow(folder, "-o", two, "--workers", "2")
    assert done.returncode == 3, done.stderr
    rows = [json.loads(it) for it in two.read_text("utf-8").splitlines()]
    assert [it["url"].rsplit("/", 1)[1] for it in rows] == ["a.htm", "a.html", "b.html.gz"]
    first = [json.loads(it) for it in one.read_text("utf-8").splitlines()]
    assert [it["text"] for it in first] == [it["text"] for it in rows]


def test_what_stands_in_an_articles_place_is_named(winnow: Winnow) -> None:
    done = winnow(ODDMENTS / "challenge.html", ODDMENTS / "empty.html", ODDMENTS / "no-such.html")
    assert done.returncode == 3
    lines = done.stderr.decode().splitlines()
    assert [it.split(": ")[1] for it in lines] == ["challenge", "empty", "unreadable"]
    assert done.stdout == b""


def test_nothing_matched(winnow: Winnow, tmp_path: Path) -> None:
    done = winnow(tmp_path)
    assert done.returncode == 5
    assert done.stderr.decode() == f"winnow: {tmp_path}: no page in it\n"


def test_explain_tells_origins_and_reasons(winnow: Winnow) -> None:
    done = winnow(PAGE, "--explain")
    said = done.stderr.decode()
    assert "title: " in said
    assert "newsletter" in said
    assert "There are 1,140 umbrellas" not in said


def test_output_that_cannot_be_written(winnow: Winnow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = winnow(PAGE, "-o", tmp_path / "file" / "out.jsonl")
    assert done.returncode == 6
    assert b"file/out.jsonl: File exists" in done.stderr


def test_usage(winnow: Winnow) -> None:
    assert winnow(PAGE, "--format", "pdf").returncode == 2
    assert winnow(PAGE, PAGE, "--url", URL).returncode == 2


def test_rules_of_the_user(winnow: Winnow, tmp_path: Path) -> None:
    rules = tmp_path / "northcourier.example.test.toml"
    rules.write_text('checked = 2026-11-20\ndrop.advert = [".article__body > p:first-of-type"]')
    done = winnow(PAGE, "--url", URL, "--rules", tmp_path)
    assert done.returncode == 0, done.stderr
    assert b"1,140 umbrellas" not in done.stdout
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / rules.name).write_text('checked = 2026-11-20\ndropp = ["p"]')
    done = winnow(PAGE, "--url", URL, "--rules", tmp_path / "other")
    assert done.returncode == 4
    assert b"dropp: no such key" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_a_terminal_is_not_written_on_by_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    story = "It rained all day in Ghent, and the river Leie rose by half a metre before noon. " * 5
    page.write_text(f"<h1>Rain</h1><article><p>\x1b]0;owned\x07 \u202e {story}</p></article>")
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*RUN, str(page)], stdout=theirs, stderr=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    process.wait(timeout=60)
    os.close(ours)
    assert b"Ghent" in seen
    assert b"\x1b" not in seen
    assert "\u202e".encode() not in seen


def test_a_page_that_takes_too_long_costs_only_itself(
    winnow: Winnow, folder: Path, tmp_path: Path
) -> None:
    """The deadline is too short for any page, so that every one is ended, and nothing hangs."""
    done = winnow(folder, "-o", tmp_path / "out.jsonl", "--workers", "2", "--deadline", "0.1")
    assert done.returncode in (0, 3)
    assert len(done.stderr.splitlines()) <= 4
