"""``winnow demo``: its job file is a good one, and one command gives a first corpus."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scraper.cli.demo import closing, demo
from scraper.demo.job import write_job
from scraper.demo.responses import Asked, answer
from scraper.demo.world import read_world, serve, sites_folder
from scraper.errors import OutputError
from scraper.jobs.job_file import read_job


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(it) for it in path.read_text("utf-8").splitlines()]


def test_the_job_file_can_be_read_and_leads_to_the_server(tmp_path: Path) -> None:
    with serve() as world:
        job = read_job(write_job(tmp_path / "new", world))
        assert dict(job.fetch.connect_to) == world.connect_to
        assert job.out == tmp_path / "new" / "results"


def test_each_source_of_the_job_is_in_the_world(tmp_path: Path) -> None:
    sites = read_world(sites_folder())
    with serve() as world:
        job = read_job(write_job(tmp_path, world))
    asked = [it for source in job.source for it in (source.feed, source.sitemap, source.site) if it]
    assert {urlsplit(it).hostname for it in asked} | {"oddments.example.test"} == set(sites)
    for address in asked:
        parts = urlsplit(address)
        got = answer(sites, Asked("GET", parts.path, {"host": parts.hostname or ""}))
        assert (address, got.status) == (address, 200)


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with serve() as world, pytest.raises(OutputError):
        write_job(tmp_path / "file", world)


def test_serve_only_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    import signal

    command = "import sys; from scraper.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "demo", "--serve-only", "-o", str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stderr is not None
        said = [running.stderr.readline() for _ in range(2)]
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
    assert "news sites are served on 127.0.0.1:" in said[0]
    assert f"winnow run {tmp_path / 'demo.toml'}" in said[1]


def test_one_command_gives_a_corpus_in_which_copies_are_known(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    demo(tmp_path)
    took = time.monotonic() - begun
    out, err = capfd.readouterr()
    assert out == ""
    for it in closing(tmp_path / "demo.toml", tmp_path / "results"):
        assert it in err

    gold = {it["url"]: it for it in rows(sites_folder() / "gold.jsonl")}
    found = {it["url"]: it for it in rows(tmp_path / "results" / "articles.jsonl")}
    assert len(found.keys() & gold.keys()) >= 120
    # All of a story's paragraphs are there on nearly all pages.
    whole = [
        url
        for url in found.keys() & gold.keys()
        if all(
            "".join(p.split()) in "".join(found[url]["text"].split())
            for p in gold[url]["paragraphs"]
        )
    ]
    assert len(whole) >= 0.8 * len(found)
    failed = {it["asked"]: it["reason"] for it in rows(tmp_path / "results" / "failures.jsonl")}
    assert {urlsplit(it).hostname for it in failed} <= {
        "oddments.example.test",
        "forum.trailfolk.example.test",  # its home page, from which the links are followed
    }
    assert failed["http://oddments.example.test/gone.html"] == "http_4xx"
    # Three times what it takes on two busy cores; the sites answer at once.
    assert took < 60
