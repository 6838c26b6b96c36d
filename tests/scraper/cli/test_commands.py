"""The command line as a person meets it: what it prints where, and with which code it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from scraper.cli.exits import Exit
from scraper.cli.terminal import safe
from tests.scraper.jobs.small_site import page, serve_pages, write_job

COMMANDS = (
    "run",
    "fetch",
    "extract",
    "clean",
    "dedup",
    "status",
    "retry",
    "robots",
    "discover",
    "demo",
)


def winnow(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scraper", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_help_names_every_command_and_version_is_told() -> None:
    told = winnow("--help").stdout
    assert not [it for it in COMMANDS if it not in told]
    assert winnow("--version").stdout.startswith("winnow 0.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    told = winnow(command, "--help")
    assert told.returncode == Exit.DONE
    assert "Usage:" in told.stdout


def test_a_command_that_nobody_knows_and_a_missing_argument() -> None:
    assert winnow("sift").returncode == Exit.USAGE
    assert winnow("run").returncode == Exit.USAGE


def test_a_job_file_with_an_unknown_key_ends_in_4_without_a_traceback(tmp_path: Path) -> None:
    job = tmp_path / "job.toml"
    job.write_text('[[source]]\nurls = ["http://a.example.test/"]\n[fetch]\ndealy = 1\n')
    ended = winnow("run", str(job))
    assert ended.returncode == Exit.BAD_JOB
    assert "fetch.dealy" in ended.stderr
    assert "delay" in ended.stderr
    assert str(job) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Traceback" in winnow("run", str(job), "--debug").stderr


def test_nothing_matched_ends_in_5(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# none\n")
    (tmp_path / "job.toml").write_text('[[source]]\nfile = "list.txt"\n')
    assert winnow("run", str(tmp_path / "job.toml")).returncode == Exit.NOTHING_MATCHED
    assert winnow("status", str(tmp_path / "nowhere")).returncode == Exit.NOTHING_MATCHED


def test_a_folder_that_cannot_be_written_ends_in_6(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    (tmp_path / "job.toml").write_text(
        'out = "taken"\n[[source]]\nurls = ["http://a.example.test/"]\n'
    )
    ended = winnow("run", str(tmp_path / "job.toml"))
    assert ended.returncode == Exit.OUTPUT
    assert "taken" in ended.stderr


def test_run_status_and_retry(tmp_path: Path) -> None:
    """Some addresses fail (3); a limit leaves some waiting (7); status tells; retry asks again."""
    pages = {f"a.example.test/{n}.html": page(n) for n in range(3)}
    listed = "\n".join(f"http://{it}" for it in (*pages, "a.example.test/later.html"))
    (tmp_path / "list.txt").write_text(listed)
    with serve_pages(tmp_path / "sites", pages) as world:
        job = str(write_job(tmp_path, world, '[[source]]\nfile = "list.txt"\n'))
        limited = winnow("run", job, "--limit", "1")
        assert limited.returncode == Exit.LIMIT
        assert "3 addresses wait" in limited.stderr
        assert "1 were settled in the last minute" in winnow("status", str(tmp_path / "out")).stdout
        ended = winnow("run", job, "--log", str(tmp_path / "log.jsonl"))
        assert ended.returncode == Exit.SOME_FAILED
        assert ended.stdout == ""
        assert "http_4xx 1" in ended.stderr
        logged = [json.loads(it) for it in (tmp_path / "log.jsonl").read_text().splitlines()]
        assert [it["state"] for it in logged].count("article") == 2
        told = json.loads(winnow("status", str(tmp_path / "out"), "--json").stdout)
        assert told["states"] == {"article": 3, "failed": 1}
        assert "later.html" in winnow("status", str(tmp_path / "out"), "--failures").stdout
        assert (
            winnow("retry", str(tmp_path / "out"), "--only", "dns,timeout").returncode
            == Exit.NOTHING_MATCHED
        )
        assert winnow("retry", str(tmp_path / "out"), "--only", "nonsense").returncode == Exit.USAGE
        assert winnow("retry", str(tmp_path / "out")).returncode == Exit.SOME_FAILED
        assert sum(it.path == "/later.html" for it in world.seen) == 2


def test_what_a_stranger_wrote_cannot_reach_the_terminal() -> None:
    assert safe("a\x1b]0;owned\x07\rb\u202e") == "a\\x1b]0;owned\\x07\\rb\\u202e"


def test_a_person_sees_each_host_and_a_log_tells_what_a_source_could_not_give(
    tmp_path: Path,
) -> None:
    pages = {f"{host}.example.test/{n}.html": page(n) for host in "ab" for n in range(3)}
    (tmp_path / "list.txt").write_text("\n".join((*(f"http://{it}" for it in pages), "mailto:x")))
    with serve_pages(tmp_path / "sites", pages) as world:
        job = write_job(tmp_path, world, '[[source]]\nfile = "list.txt"\n')
        # The screen is drawn four times a second: a job that ends sooner is never seen.
        job.write_text(job.read_text("utf-8").replace("delay = 0.0", "delay = 0.5"), "utf-8")
        log = tmp_path / "log.jsonl"
        shown = on_a_terminal("run", str(job), "--log", str(log))
    for it in ("a.example.test", "b.example.test", "all hosts", "fetching"):
        assert it in shown
    logged = [json.loads(it) for it in log.read_text().splitlines()]
    assert [it["reason"] for it in logged if it["state"] == "failed"] == ["bad_address"]
    assert {it["host"] for it in logged if it["state"] == "article"} == {
        "a.example.test", "b.example.test"
    }  # fmt: skip


def on_a_terminal(*arguments: str) -> str:
    """What a command writes to stderr where that is a terminal."""
    mine, its = pty.openpty()
    termios.tcsetwinsize(its, (40, 120))
    shown = bytearray()
    with subprocess.Popen(
        [sys.executable, "-m", "scraper", *arguments], stdout=its, stderr=its, close_fds=True
    ) as child:
        os.close(its)
        with suppress(OSError):  # Linux says EIO when the other end is closed.
            while piece := os.read(mine, 4096):
                shown += piece
    os.close(mine)
    assert child.returncode in (Exit.DONE, Exit.SOME_FAILED), shown
    return shown.decode("utf-8", "replace")
