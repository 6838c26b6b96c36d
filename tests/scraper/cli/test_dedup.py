"""``winnow dedup`` as people call it: rows in, one row a story out, and errors that name a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cleaners.errors import BadDocument, BadIndex
from scraper.cli.exits import Exit, exit_for
from scraper.cli.main import app
from scraper.errors import NothingMatched
from tests.cleaners.duplicates.made import copies, report, text

RUN = CliRunner()


def rows() -> list[dict[str, Any]]:
    told = [{"id": name, "text": body, "tag": 7} for name, body in copies(1).items()]
    return [*told, {"id": "lone", "text": text(report(9)), "tag": 8}]


def put(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(it) + "\n" for it in lines), "utf-8")
    return path


def call(*arguments: object) -> Result:
    return RUN.invoke(app, ["dedup", *map(str, arguments)])


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_one_row_a_story_stays_with_all_its_columns(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = call(put(tmp_path / "in.jsonl", rows()), "-o", out)
    assert done.exit_code == 0
    kept = read(out)
    assert [it["tag"] for it in kept] == [7, 8]
    assert kept[0]["cluster"] == kept[0]["id"]
    assert "6 rows read, 2 written" in done.stderr
    assert "1 stories have copies" in done.stderr


def test_marked_rows_say_how_they_are_copies(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    call(put(tmp_path / "in.jsonl", rows()), "--mark", "--keep", "first", "-o", out)
    marked = {it["id"]: it for it in read(out)}
    assert [it["keep"] for it in marked.values()] == [True, False, False, False, False, True]
    assert marked["1 loud"]["match"] == "exact"
    assert marked["1 trimmed"]["match"] == "contained"
    assert marked["1 trimmed"]["likeness"] == 1.0
    assert marked["lone"]["cluster"] is None


def test_parquet_folders_and_a_jobs_folder(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    job = tmp_path / "job"
    job.mkdir()
    put(job / "articles.jsonl", rows())
    assert call(job, "-o", tmp_path / "out.parquet").exit_code == 0
    table = pyarrow.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 2
    assert call(tmp_path / "out.parquet", "-o", tmp_path / "again.jsonl").exit_code == 0
    assert len(read(tmp_path / "again.jsonl")) == 2
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, it in enumerate(rows()):
        (folder / f"{number}.txt").write_text(it["text"], "utf-8")
    assert call(folder, "-o", tmp_path / "texts.jsonl").exit_code == 0
    assert len(read(tmp_path / "texts.jsonl")) == 2


def test_an_index_remembers_earlier_runs(tmp_path: Path) -> None:
    first, second = rows()[:1], rows()[1:]
    call(put(tmp_path / "one.jsonl", first), "--index", tmp_path / "ix", "-o", tmp_path / "1.jsonl")
    done = call(
        put(tmp_path / "two.jsonl", second), "--index", tmp_path / "ix", "-o", tmp_path / "2.jsonl"
    )
    assert done.exit_code == 0
    assert [it["id"] for it in read(tmp_path / "1.jsonl")] == ["1"]
    assert [it["id"] for it in read(tmp_path / "2.jsonl")] == ["lone"]


def test_what_is_no_index_is_an_error_of_output(tmp_path: Path) -> None:
    source = put(tmp_path / "in.jsonl", rows())
    done = call(source, "--index", source)
    assert isinstance(done.exception, BadIndex)
    assert exit_for(done.exception) is Exit.OUTPUT


def test_explain_shows_two_rows_side_by_side(tmp_path: Path) -> None:
    done = call(put(tmp_path / "in.jsonl", rows()), "--explain", "1", "1 led")
    assert done.exit_code == 0
    assert done.stdout.count("100%  a  ") == 10
    assert done.stdout.count("only  b  ") == 2


def test_passages_are_listed(tmp_path: Path) -> None:
    lines = [{"id": f"{it}", "text": f"{text(report(it))}\nSign up today"} for it in range(4)]
    done = call(put(tmp_path / "in.jsonl", lines), "--passages", "list")
    assert json.loads(done.stdout)["documents"] == 4


def test_a_bad_row_is_named_or_passed_over(tmp_path: Path) -> None:
    bad = put(tmp_path / "in.jsonl", [*rows(), {"id": "1", "text": "twice"}, {"id": "none"}])
    done = call(bad)
    assert isinstance(done.exception, BadDocument)
    assert done.exception.where == f"{bad}:7"
    done = call(bad, "--skip-bad", "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 3
    assert "2 rows passed over" in done.stderr
    assert len(read(tmp_path / "out.jsonl")) == 2
    assert isinstance(call(tmp_path / "nothing").exception, NothingMatched)
    assert call(bad, "--window", "soon").exit_code == 2
    assert call(bad, "--kinds", "odd").exit_code == 2


def test_passages_are_marked_or_removed_and_copies_count_once(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"id": f"{it}", "text": f"{text(report(it))}\n\n Sign up today!\n\nThe end.", "tag": it}
        for it in range(4)
    ]
    # Three copies of one report: all that they say returns, and none of it is boilerplate.
    lines += [{"id": name, "text": body} for name, body in copies(9).items()]
    source = put(tmp_path / "in.jsonl", lines)
    done = call(source, "--passages", "mark", "-o", tmp_path / "marked.jsonl")
    assert done.exit_code == 0
    assert "1 paragraphs stand in 3 stories or more" in done.stderr
    for row, it in zip(read(tmp_path / "marked.jsonl"), lines, strict=True):
        assert row["text"] == it["text"]
        expected = ["Sign up today!"] if "tag" in it else []
        assert [each["text"] for each in row["repeated"]] == expected
        for each in row["repeated"]:
            assert row["text"][each["start"] : each["end"]] == each["text"]
            assert each["documents"] == 4
    assert call(source, "--passages", "remove", "-o", tmp_path / "out.jsonl").exit_code == 0
    for row, it in zip(read(tmp_path / "out.jsonl"), lines, strict=True):
        assert row["text"] == it["text"].replace(" Sign up today!\n\n", "")
    assert call(source, "--passages", "list", "--least", 5).stdout == ""
    assert call(source, "--passages", "other").exit_code == 2


def test_marked_passages_go_into_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    lines = [{"id": f"{it}", "text": f"{text(report(it))}\nSign up today!"} for it in range(3)]
    source = put(tmp_path / "in.jsonl", [{"id": "first", "text": text(report(7))}, *lines])
    assert call(source, "--passages", "mark", "-o", tmp_path / "out.parquet").exit_code == 0
    found = pyarrow.read_table(tmp_path / "out.parquet").column("repeated").to_pylist()
    assert [len(it) for it in found] == [0, 1, 1, 1]


def test_a_bad_row_is_named_by_its_line_also_after_empty_lines(tmp_path: Path) -> None:
    bad = tmp_path / "in.jsonl"
    bad.write_text('{"id": "a", "text": "Rain."}\n\n\n{"id": "b", "body": "Sun."}\n', "utf-8")
    done = call(bad)
    assert isinstance(done.exception, BadDocument)
    assert done.exception.where == f"{bad}:4"
    assert "id, body" in str(done.exception)
    bad.write_text('{"id": "a", "text": "Rain."}\n\n{"id": \n', "utf-8")
    broken = call(bad).exception
    assert isinstance(broken, BadDocument)
    assert broken.where == f"{bad}:3"
