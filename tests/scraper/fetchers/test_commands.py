"""``winnow fetch``, ``robots`` and ``discover`` as a person calls them, against the small world."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scraper.demo.world import serve
from scraper.fetchers.warc import find_warcs, read_pages

Winnow = Callable[..., "subprocess.CompletedProcess[str]"]
FEW = "http://nordfunk.example.test"


@pytest.fixture(scope="module")
def winnow() -> Iterator[Winnow]:
    code = "from scraper.cli.main import main; main()"
    with serve() as world:
        ((pattern, target),) = world.connect_to.items()

        def run(*words: str) -> subprocess.CompletedProcess[str]:
            if words[0] != "robots":
                words = (*words, "--delay", "0")
            command = [sys.executable, "-c", code, *words, "--connect-to", f"{pattern}={target}"]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        yield run


def test_a_page_goes_to_stdout_and_nothing_else(winnow: Winnow) -> None:
    done = winnow("fetch", f"{FEW}/")
    assert done.returncode == 0
    assert done.stdout.lstrip().lower().startswith("<!doctype html>")
    assert done.stderr == ""


def test_pages_go_to_a_folder_and_what_fails_is_said(winnow: Winnow, tmp_path: Path) -> None:
    out, warc = tmp_path / "out", tmp_path / "warc"
    urls = [f"{FEW}/", f"{FEW}/no/such/page", "http://10.0.0.1/"]
    done = winnow("fetch", *urls, "-o", str(out), "--warc", str(warc))
    assert done.returncode == 3
    (path,) = done.stdout.split()
    assert list(out.iterdir()) == [Path(path)]
    assert b"<html" in Path(path).read_bytes()
    assert "http_4xx" in done.stderr
    assert "blocked_address" in done.stderr
    assert "Traceback" not in done.stderr
    (archive,) = find_warcs(warc)
    assert [getattr(it, "url", None) for it in read_pages(archive)] == [f"{FEW}/"]


def test_several_pages_need_a_folder(winnow: Winnow) -> None:
    done = winnow("fetch", f"{FEW}/", f"{FEW}/feed/")
    assert done.returncode == 2
    assert "folder" in done.stderr


def test_a_place_to_connect_to_that_is_none_is_a_usage_error(winnow: Winnow) -> None:
    done = winnow("robots", f"{FEW}/", "--connect-to", "nowhere")
    assert done.returncode == 2
    assert "HOST=ADDRESS:PORT" in done.stderr


def test_robots_says_what_may_be_done_and_why(winnow: Winnow) -> None:
    done = winnow("robots", f"{FEW}/")
    assert done.returncode == 0
    rows = [it.split("\t") for it in done.stdout.splitlines()]
    assert rows[0] == ["allowed", "yes"]
    assert ["sitemap", f"{FEW}/news-sitemap.xml"] in rows
    forbidden = winnow("robots", f"{FEW}/search?q=x")
    assert forbidden.returncode == 3
    assert forbidden.stdout.startswith("allowed\tno")


def test_robots_can_be_asked_for_another_robot(winnow: Winnow) -> None:
    done = winnow("robots", "http://www.metropaper.example.test/", "--agent", "ExampleAIBot/2.1")
    assert done.returncode == 3
    assert "robot\tExampleAIBot" in done.stdout


def test_discover_finds_and_counts(winnow: Winnow) -> None:
    done = winnow("discover", f"{FEW}/")
    assert done.returncode == 0
    rows = [it.split("\t") for it in done.stdout.splitlines()]
    assert {row[0] for row in rows} == {"feed", "sitemap"}
    assert all(row[1].startswith(FEW) and int(row[2]) > 0 and row[3] for row in rows)


def test_a_site_without_feed_and_sitemap_is_nothing_matched(winnow: Winnow) -> None:
    done = winnow("discover", "http://oddments.example.test/truncated.html")
    assert done.returncode == 5
    assert "no feed and no sitemap" in done.stderr
