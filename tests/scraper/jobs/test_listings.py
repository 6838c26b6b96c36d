"""Feeds and sitemaps that have not changed are not read again, and nothing is lost by that."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.jobs.job_file import read_job
from scraper.jobs.run import run
from tests.scraper.jobs.small_site import lines, page, serve_pages, write_job

HOST = "a.example.test"


def feed(*numbers: int) -> str:
    items = "".join(
        f"<item><title>Ferry {n}</title><link>http://{HOST}/{n}.html</link></item>" for n in numbers
    )
    return f"<rss version='2.0'><channel><title>Ferries</title>{items}</channel></rss>"


def sitemap(*numbers: int) -> str:
    found = "".join(f"<url><loc>http://{HOST}/{n}.html</loc></url>" for n in numbers)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{found}</urlset>"


def index(*names: str) -> str:
    found = "".join(f"<sitemap><loc>http://{HOST}/{it}</loc></sitemap>" for it in names)
    return (
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{found}</sitemapindex>"
    )


def change(path: Path, text: str) -> None:
    """A later version, dated so that a server tells them apart."""
    path.write_text(text, "utf-8")
    os.utime(path, (path.stat().st_mtime + 60,) * 2)


def statuses(seen: Sequence[object], path: str) -> list[int]:
    return [it.status for it in seen if it.path == path]  # type: ignore[attr-defined]


@pytest.fixture
def pages() -> dict[str, str]:
    return {f"{HOST}/{n}.html": page(n) for n in range(1, 5)}


def test_a_feed_is_read_again_only_when_it_has_changed(
    tmp_path: Path, pages: dict[str, str]
) -> None:
    with serve_pages(tmp_path / "sites", {**pages, f"{HOST}/feed.xml": feed(1, 2)}) as world:
        job = write_job(tmp_path, world, f'[[source]]\nfeed = "http://{HOST}/feed.xml"\n')
        run(job)
        again = run(job)
        assert statuses(world.seen, "/feed.xml") == [200, 304]
        assert (again.report.new, again.report.known) == (0, 2)
        change(tmp_path / "sites" / HOST / "feed.xml", feed(3, 1, 2))
        assert run(job).report.new == 1
        assert statuses(world.seen, "/feed.xml") == [200, 304, 200]
    assert len(lines(tmp_path / "out/articles.jsonl")) == 3


def test_a_map_below_an_unchanged_index_is_asked_for(tmp_path: Path, pages: dict[str, str]) -> None:
    maps = {
        f"{HOST}/index.xml": index("one.xml", "two.xml"),
        f"{HOST}/one.xml": sitemap(1),
        f"{HOST}/two.xml": sitemap(2),
    }
    with serve_pages(tmp_path / "sites", {**pages, **maps}) as world:
        job = write_job(tmp_path, world, f'[[source]]\nsitemap = "http://{HOST}/index.xml"\n')
        run(job)
        change(tmp_path / "sites" / HOST / "two.xml", sitemap(2, 4))
        assert run(job).report.new == 1
        assert statuses(world.seen, "/index.xml") == [200, 304]
        assert statuses(world.seen, "/one.xml") == [200, 304]
        assert statuses(world.seen, "/two.xml") == [200, 200]


def test_other_settings_take_in_what_an_unchanged_feed_names(
    tmp_path: Path, pages: dict[str, str]
) -> None:
    with serve_pages(tmp_path / "sites", {**pages, f"{HOST}/feed.xml": feed(1, 2)}) as world:
        source = f'[[source]]\nfeed = "http://{HOST}/feed.xml"\n'
        run(write_job(tmp_path, world, f'{source}exclude = ["/2"]\n'))
        wider = run(write_job(tmp_path, world, source))
        assert statuses(world.seen, "/feed.xml") == [200, 200]
    assert wider.report.states == {"article": 2}


def test_the_first_addresses_of_many_maps_stay_the_first(
    tmp_path: Path, pages: dict[str, str]
) -> None:
    maps = {
        f"{HOST}/index.xml": index("one.xml", "two.xml"),
        f"{HOST}/one.xml": sitemap(1),
        f"{HOST}/two.xml": sitemap(2),
    }
    with serve_pages(tmp_path / "sites", {**pages, **maps}) as world:
        told = f'[[source]]\nsitemap = "http://{HOST}/index.xml"\nlimit = 1\n'
        job = write_job(tmp_path, world, told)
        run(job)
        assert run(job).report.states == {"article": 1}


def test_what_a_stopped_run_did_not_take_in_is_asked_for_again(
    tmp_path: Path, pages: dict[str, str]
) -> None:
    """Two runs with a limit of one address each: the feed names what the first did not visit."""
    with serve_pages(tmp_path / "sites", {**pages, f"{HOST}/feed.xml": feed(1, 2)}) as world:
        job = read_job(write_job(tmp_path, world, f'[[source]]\nfeed = "http://{HOST}/feed.xml"\n'))
        run(replace(job, limit=1))
        assert run(job).report.states == {"article": 2}
        assert statuses(world.seen, "/feed.xml") == [200, 304]
