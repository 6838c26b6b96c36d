"""``winnow clean`` and ``python -m cleaners``: what goes in, what comes out, and where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

STORY = [
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its deck "
    "and a wind from the west that nobody aboard had expected.",
    "By noon the harbor master had closed the pier, and the school bus that meets the ferry waited in the rain for "
    "passengers who did not come before the evening.",
]
TEXT = "\n\n".join(
    [STORY[0], "READ MORE: Storm closes the pier of Oban", STORY[1], "Leave a Reply"]
)
CLEAN = "\n\n".join(STORY)
HOUSE = "The Daily Ferry is a member of the press council of the islands."


def run(
    module: str, *arguments: str, stdin: str | bytes = ""
) -> subprocess.CompletedProcess[bytes]:
    content = stdin.encode() if isinstance(stdin, str) else stdin
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, input=content, capture_output=True, timeout=60)


def winnow(*arguments: str, stdin: str | bytes = "") -> subprocess.CompletedProcess[bytes]:
    return run("scraper", "clean", *arguments, stdin=stdin)


def rows(content: bytes) -> list[dict[str, object]]:
    return [json.loads(it) for it in content.splitlines()]


@pytest.mark.parametrize("module", [("scraper", "clean"), ("cleaners",)])
def test_text_on_stdin_is_a_story_on_stdout(module: tuple[str, ...]) -> None:
    done = run(*module, stdin=TEXT)
    assert (done.returncode, done.stdout.decode()) == (0, CLEAN + "\n")
    assert done.stderr == b""


@pytest.mark.parametrize("module", [("scraper", "clean"), ("cleaners",)])
def test_explain_says_what_went_and_why_on_stderr(module: tuple[str, ...]) -> None:
    done = run(*module, "--explain", stdin=TEXT)
    assert done.stdout.decode() == CLEAN + "\n"
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("related")
    assert "Storm closes the pier" in lines[0]
    assert "comment_form" in lines[1]


@pytest.mark.parametrize("module", [("scraper", "clean"), ("cleaners",)])
def test_json_holds_the_text_and_what_was_removed(module: tuple[str, ...]) -> None:
    [row] = rows(run(*module, "--json", stdin=TEXT).stdout)
    assert row["text"] == CLEAN
    assert [it["label"] for it in row["removed"]] == ["related", "comment_form"]  # type: ignore[attr-defined,index]
    assert set(row["removed"][0]) == {"text", "label", "rule", "confidence", "evidence"}  # type: ignore[index]


@pytest.mark.parametrize("module", [("scraper", "clean"), ("cleaners",)])
def test_bytes_that_are_no_text_end_with_a_code_and_a_word(module: tuple[str, ...]) -> None:
    done = run(*module, stdin=b"\xff\xfe\x00\x01")
    assert done.returncode == 3
    assert b"UTF-8" in done.stderr
    assert done.stdout == b""


def test_labels_and_keep_choose_what_goes() -> None:
    only = winnow("--labels", "comment_form", stdin=TEXT).stdout.decode()
    assert "READ MORE" in only
    assert "Leave a Reply" not in only
    kept = winnow("--keep", "related", stdin=TEXT).stdout.decode()
    assert "READ MORE" in kept
    assert winnow("--keep", "nonsense", stdin=TEXT).returncode == 2


def test_a_file_goes_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text(TEXT, "utf-8")
    done = winnow(str(tmp_path / "in.txt"), "-o", str(tmp_path / "out.txt"))
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "out.txt").read_text("utf-8") == CLEAN + "\n"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["in.txt", "out.txt"]


def test_jsonl_keeps_its_fields_and_learns_what_returns(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    towns = ["Oban", "Mallaig", "Ullapool", "Stornoway", "Tarbert", "Kyle"]
    with source.open("w", encoding="utf-8") as file:
        for town in towns:
            body = (
                "\n\n".join([*STORY, HOUSE])
                .replace("Oban", town)
                .replace("ferry", f"ferry {town}", 1)
            )
            file.write(json.dumps({"id": town, "body": body, "score": 7}) + "\n")
    done = winnow(str(source), "--field", "body", "--json")
    found = rows(done.stdout)
    assert [it["id"] for it in found] == towns
    assert all(it["score"] == 7 for it in found)
    assert not [it for it in found if HOUSE in str(it["body"])]
    assert {it["label"] for row in found for it in row["removed"]} == {"repeated"}  # type: ignore[attr-defined]


def test_a_row_without_text_is_told_and_the_others_are_cleaned(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    lines = [{"id": 1}, {"id": 2, "text": "x" * 5_000_001}, {"id": 3, "text": TEXT}]
    source.write_text("no json\n" + "\n".join(json.dumps(it) for it in lines), "utf-8")
    done = winnow(str(source))
    assert done.returncode == 3
    assert [it["text"] for it in rows(done.stdout)] == [CLEAN]
    assert len(done.stderr.splitlines()) == 3


def test_a_folder_gives_a_folder_and_no_id_climbs_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "in" / "deep" / "b.txt").write_text(STORY[0], "utf-8")
    (tmp_path / "out").mkdir()
    assert winnow(str(tmp_path / "in"), "-o", str(tmp_path / "out")).returncode == 0
    assert (tmp_path / "out" / "a.txt").read_text("utf-8") == CLEAN + "\n"
    assert (tmp_path / "out" / "deep" / "b.txt").exists()
    row = json.dumps({"id": "../../evil", "text": TEXT})
    assert winnow("-", "--field", "text", "-o", str(tmp_path / "out"), stdin=row).returncode == 0
    assert (tmp_path / "out" / "evil.txt").exists()


def test_a_file_that_is_not_there_is_said_so() -> None:
    done = winnow("nowhere.txt")
    assert done.returncode == 5
    assert b"nowhere.txt" in done.stderr


def test_two_files_of_one_name_are_two_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(f"{STORY[0]} {name}", "utf-8")
    inputs = [str(tmp_path / name / "x.txt") for name in ("a", "b")]
    assert winnow(*inputs, "-o", f"{tmp_path}/out/").returncode == 0
    assert sorted(it.name for it in (tmp_path / "out").iterdir()) == ["x-2.txt", "x.txt"]


def test_a_folder_needs_no_slash_behind_the_place_it_goes_to(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf-8")
    assert winnow(str(tmp_path / "in"), "-o", str(tmp_path / "out")).returncode == 0
    assert (tmp_path / "out" / "a.txt").read_text("utf-8") == CLEAN + "\n"


def test_what_fails_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    out.write_text("before", "utf-8")
    assert winnow("-o", str(out), stdin=b"\xff\xfe").returncode == 3
    assert out.read_text("utf-8") == "before"
    assert [it.name for it in tmp_path.iterdir()] == ["out.txt"]
