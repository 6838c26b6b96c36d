"""``winnow demo``: its job file is a good one, and one command gives a first corpus."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scraper.cli.demo import closing
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


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the demo, and what it left."""

    folder: Path
    said: str
    seconds: float

    def rows(self, name: str) -> list[dict[str, Any]]:
        return rows(self.folder / "results" / name)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("demo")
    command = "from scraper.cli.main import main; main()"
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", command, "demo", "-o", str(folder)],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return Ran(folder, done.stderr, time.monotonic() - begun)


@pytest.fixture(scope="module")
def gold() -> dict[str, dict[str, Any]]:
    return {it["url"]: it for it in rows(sites_folder() / "gold.jsonl")}


def test_the_demo_says_where_everything_is_and_what_to_try_next(ran: Ran) -> None:
    for it in closing(ran.folder / "demo.toml", ran.folder / "results"):
        assert it in ran.said
    # Twice what it takes while other tests keep both cores busy.
    assert ran.seconds < 30


def test_the_demo_reads_the_stories(ran: Ran, gold: dict[str, dict[str, Any]]) -> None:
    texts = {it["url"]: "".join(it["text"].split()) for it in ran.rows("articles.jsonl")}
    known = texts.keys() & gold.keys()
    assert len(known) >= 135
    whole = [
        url
        for url in known
        if all("".join(it.split()) in texts[url] for it in gold[url]["paragraphs"])
    ]
    assert len(whole) >= 0.9 * len(known)


def test_what_fails_in_the_demo_fails_on_purpose(ran: Ran) -> None:
    failed = {it["asked"]: it["reason"] for it in ran.rows("failures.jsonl")}
    walled = "http://www.metropaper.example.test/2026/01/17/style/repair-cafes.html"
    assert failed.pop(walled) == "paywall"
    places = {urlsplit(it).hostname for it in failed}
    # The forum's lists of threads, from which its links are followed, are no articles.
    assert places <= {"oddments.example.test", "forum.trailfolk.example.test"}
    for name, reason in {
        "empty": "empty",
        "binary": "not_html",
        "soft-404": "soft_404",
        "consent": "consent_wall",
        "checked": "challenge",
        "shell": "needs_browser",
        "gone": "http_4xx",
        "round": "redirect",
    }.items():
        assert failed[f"http://oddments.example.test/{name}.html"] == reason


def pairs(ran: Ran, gold: dict[str, dict[str, Any]]) -> tuple[set[frozenset[str]], set[str]]:
    """Pairs of addresses that the demo put into one cluster; and all addresses with gold."""
    by_id = {it["id"]: it["url"] for it in ran.rows("articles.jsonl")}
    found = {
        frozenset(two)
        for it in ran.rows("clusters.jsonl")
        for two in combinations([by_id[m] for m in it["members"] if by_id[m] in gold], 2)
    }
    return found, set(by_id.values()) & gold.keys()


def wanted(known: set[str], gold: dict[str, dict[str, Any]]) -> set[frozenset[str]]:
    return {
        frozenset(two)
        for two in combinations(sorted(known), 2)
        if gold[two[0]]["story"] == gold[two[1]]["story"]
    }


def test_copies_are_found_on_all_outlets(ran: Ran, gold: dict[str, dict[str, Any]]) -> None:
    found, known = pairs(ran, gold)
    copies = wanted(known, gold)
    assert len(copies) >= 60
    assert not copies - found


def test_no_cluster_holds_two_events(ran: Ran, gold: dict[str, dict[str, Any]]) -> None:
    """Follow-ups, templates, roundups and stories that share a quote stay by themselves."""
    found, _ = pairs(ran, gold)
    assert found
    assert [sorted(it) for it in found if len({gold[url]["event"] for url in it}) > 1] == []
