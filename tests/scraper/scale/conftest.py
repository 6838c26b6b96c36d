"""What the tests of builds share: the pages of the small world in an archive of our own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scraper.demo.responses import Asked, answer
from scraper.demo.world import read_world, sites_folder
from scraper.fetchers.archive import Archive
from scraper.fetchers.exchange import Exchange
from tests.scraper.scale.corpora import told_stories, write_lines


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third article of the small world as its sites answer, in ``.warc.gz`` files."""
    folder = tmp_path_factory.mktemp("archive")
    sites = read_world(sites_folder())
    lines = (sites_folder() / "gold.jsonl").read_text("utf-8").splitlines()
    when = datetime(2026, 11, 20, tzinfo=UTC)
    with Archive(folder, full=200_000) as warc:
        for line in lines[::3]:
            url = json.loads(line)["url"]
            parts = urlsplit(url)
            got = answer(sites, Asked("GET", parts.path, {"host": parts.hostname or ""}))
            head = tuple(got.headers.items())
            warc.write(Exchange(url, when, (), got.status, got.phrase, head, got.body))
    return folder


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the stories of ``fixtures/duplicates``, as articles in JSONL."""
    path = tmp_path_factory.mktemp("stories") / "stories.jsonl"
    write_lines(path, told_stories(150))
    return path
