"""A job that is killed, or told to stop, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scraper.errors import OutputError
from scraper.jobs.ledger import Ledger
from scraper.jobs.run import run
from tests.scraper.jobs.small_site import lines, page, serve_pages, urls, write_job


@contextmanager
def started(job: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``winnow run`` in a process of its own, which never outlives the test."""
    command = [sys.executable, "-m", "scraper", "run", str(job)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()


def wait_for(folder: Path, many: int, state: str = "article") -> None:
    until = time.monotonic() + 20.0
    while time.monotonic() < until:
        if (folder / "ledger.sqlite").exists():
            with Ledger(folder) as ledger:
                if ledger.counts().get((state, None), 0) >= many:
                    return
        time.sleep(0.02)
    raise AssertionError("the job did not come so far")


def test_kill_9_again_and_again_loses_nothing(tmp_path: Path) -> None:
    paths = [f"{host}.example.test/{n}.html" for host in "abc" for n in range(20)]
    pages = {it: page(number) for number, it in enumerate(paths)}
    with serve_pages(tmp_path / "sites", pages) as world:
        job = write_job(tmp_path, world, urls(*pages))
        for articles in (5, 30):
            with started(job) as child:
                wait_for(tmp_path / "out", articles)
                child.send_signal(signal.SIGKILL)
        outcome = run(job)
        seen = Counter((it.host, it.path) for it in world.seen if it.path != "/robots.txt")
    assert outcome.report.states == {"article": len(pages)}
    rows = Counter(it["url"] for it in lines(tmp_path / "out/articles.jsonl"))
    assert set(rows.values()) == {1}
    assert len(rows) == len(pages)
    # Asked for twice is only what was in flight: one page of each of three hosts, twice.
    assert sum(it - 1 for it in seen.values()) <= 6


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_what_is_in_flight_and_writes_the_results(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    pages = {f"a.example.test/{n}.html": page(n) for n in range(60)}
    with serve_pages(tmp_path / "sites", pages, {"a.example.test": 0.05}) as world:
        job = write_job(tmp_path, world, urls(*pages))
        with started(job) as child:
            wait_for(tmp_path / "out", 3)
            child.send_signal(sent)
            _, said = child.communicate(timeout=30)
    assert child.returncode == code
    assert b"wait: the same command goes on" in said
    assert b"Traceback" not in said
    rows = lines(tmp_path / "out/articles.jsonl")
    with Ledger(tmp_path / "out") as ledger:
        assert len(rows) == ledger.counts()["article", None]
        assert len(rows) < len(pages)


def test_a_second_signal_stops_at_once_and_the_next_run_goes_on(tmp_path: Path) -> None:
    pages = {f"{host}.example.test/{n}.html": page(n) for host in "ab" for n in range(2)}
    with serve_pages(tmp_path / "sites", pages, {"a.example.test": 30.0}) as world:
        job = write_job(tmp_path, world, urls(*pages))
        with started(job) as child:
            wait_for(tmp_path / "out", 2)
            child.send_signal(signal.SIGINT)
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=8)
    assert child.returncode == 130
    assert b"Traceback" not in said
    assert not (tmp_path / "out/articles.jsonl").exists()
    with Ledger(tmp_path / "out") as ledger:
        assert ledger.counts() == {("article", None): 2, ("waiting", None): 2}


@pytest.mark.parametrize("source", ['feed = "http://slow.example.test/feed"', "stdin = true"])
def test_a_signal_does_not_wait_for_a_source(tmp_path: Path, source: str) -> None:
    """What an earlier source gave is kept."""
    sources = f"{urls('a.example.test/1.html')}[[source]]\n{source}\n"
    with (
        serve_pages(tmp_path / "sites", {}, {"slow.example.test": 30.0}) as world,
        started(write_job(tmp_path, world, sources)) as child,
    ):
        wait_for(tmp_path / "out", 1, "waiting")
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=8)
    assert child.returncode == 130
    assert b"Traceback" not in said
    with Ledger(tmp_path / "out") as ledger:
        assert ledger.counts() == {("waiting", None): 1}


def test_a_second_run_of_a_job_is_kept_out_until_the_first_has_gone(tmp_path: Path) -> None:
    pages = {f"a.example.test/{n}.html": page(n) for n in range(2)}
    with serve_pages(tmp_path / "sites", pages, {"a.example.test": 1.0}) as world:
        job = write_job(tmp_path, world, urls(*pages))
        with started(job) as child:
            wait_for(tmp_path / "out", 1, "waiting")
            with pytest.raises(OutputError, match=f"another run .*{child.pid}"):
                run(job)
            child.kill()
            child.wait()
        assert run(job).report.states == {"article": 2}
