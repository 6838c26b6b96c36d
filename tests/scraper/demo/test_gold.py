"""The world's own promises: what ``gold.jsonl`` says is on its pages, and the pages are as built."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from scraper.demo.responses import Asked, answer
from scraper.demo.world import read_world, sites_folder

ROOT = Path(__file__).resolve().parents[3]
SITES = ROOT / "fixtures" / "sites"
# How each of the two stories begins, and what its theme puts around it.
SEEDS = {
    "www.dailycrossing.example.test": (
        "President Xi Jinping talked with Russian President Putin",
        ('class="breadcrumb"', 'class="post-subtitle"', "YCPress</a>", "You May Also Like"),
    ),
    "presstide.example.test": (
        "Chinese President Xi Jinping on Monday said China is ready",
        (
            "<strong>READ</strong>",
            "Certainly, it's dumb",
            "You May Also Like",
            "About the Author: ",
            "Freelance organizer.",
            "Leave a Reply",
            "Your email address will not be published.",
        ),
    ),
}


class Words(HTMLParser):
    """All text of a page that is not script or style, without white space."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skip += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.found.append(data)


def squeezed(text: str) -> str:
    return "".join(text.split())


def charset(site: str, page: bytes, declared: str) -> str:
    """How a person would read it: by the bytes where the declaration lies, as on some pages."""
    if site.startswith("oddments"):
        name = "utf-16" if page[:2] in (b"\xff\xfe", b"\xfe\xff") else declared
        return {"iso-8859-1": "shift_jis", "utf-8": "cp1252", "": "utf-8"}.get(name, name)
    return declared or page[:2000].decode("ascii", "ignore").partition("charset=")[2].split('"')[0]


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    return [json.loads(it) for it in (SITES / "gold.jsonl").read_text("utf-8").splitlines()]


def test_the_sites_are_found_in_a_checkout() -> None:
    assert sites_folder() == SITES


def test_the_world_is_large_enough(gold: list[dict[str, Any]]) -> None:
    articles = [it for it in gold if it["page_type"] == "article"]
    assert len({it["host"] for it in articles}) >= 14
    assert len(articles) >= 130
    assert {it["language"].partition("-")[0] for it in gold} >= {
        "en", "de", "fr", "es", "pt", "it", "pl", "ru", "tr", "ar", "zh", "ja",
    }  # fmt: skip
    assert sum(it.stat().st_size for it in SITES.rglob("*") if it.is_file()) < 4_000_000


def test_each_gold_row_is_on_its_page(gold: list[dict[str, Any]]) -> None:
    world = read_world(SITES)
    for row in gold:
        got = answer(world, Asked("GET", row["path"], {"host": row["host"]}))
        assert got.status == 200, row["url"]
        kind, _, declared = got.headers["Content-Type"].partition("; charset=")
        assert kind == "text/html", row["url"]
        parser = Words()
        parser.feed(got.body.decode(charset(row["host"], got.body, declared)))
        text = squeezed("".join(parser.found))
        at = text.find(squeezed(row["title"]))
        assert at >= 0, row["url"]
        for paragraph in row["paragraphs"]:
            at = text.find(squeezed(paragraph), at)
            assert at >= 0, (row["url"], paragraph)
        for other in (*row["captions"], *row["comments"], row["standfirst"]):
            assert squeezed(other) in text, (row["url"], other)
        # A page is a real page: more than its story, but for what AMP, print and oddments leave.
        if row["host"] != "oddments.example.test" and "print=1" not in row["path"]:
            assert got.body.count(b"<a ") >= 12, row["url"]


def test_gold_addresses_are_there_once(gold: list[dict[str, Any]]) -> None:
    addresses = [it["url"] for it in gold]
    assert len(addresses) == len(set(addresses))
    for it in gold:
        assert it["published"] is None or datetime.fromisoformat(it["published"]).tzinfo


def test_wire_stories_stand_on_several_outlets_in_several_wordings(
    gold: list[dict[str, Any]],
) -> None:
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for it in gold:
        outlets[it["story"]].add(it["host"])
        titles[it["story"]].add(it["title"])
    assert len(outlets["ferry"]) >= 6
    assert len(titles["ferry"]) >= 6
    assert all(len(outlets[it]) >= 4 for it in ("quake", "rates", "comet"))


def test_the_two_seeds_are_two_pages_of_one_story(gold: list[dict[str, Any]]) -> None:
    rows = {it["host"]: it for it in gold if it["story"] == "xi-putin-call"}
    assert rows.keys() == SEEDS.keys()
    for host, (begin, around) in SEEDS.items():
        assert rows[host]["paragraphs"][0].startswith(begin)
        folder = SITES / host / rows[host]["path"].strip("/")
        page = (folder / "index.html").read_text("utf-8")
        assert [it for it in around if it not in page] == []


def test_every_site_says_what_its_server_can_read() -> None:
    for it in SITES.glob("*/responses.toml"):
        said = tomllib.loads(it.read_text("utf-8"))
        for path, rule in said.get("responses", {}).items():
            assert path.startswith("/")
            assert not rule.get("file") or (it.parent / rule["file"]).is_file(), (it, path)


def content(path: Path) -> bytes:
    """What is in a file; what zlib makes of it differs between versions of Python."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "fixtures" / "world" / "build.py", "--out", tmp_path], check=True
    )
    made = {it.relative_to(tmp_path): content(it) for it in tmp_path.rglob("*") if it.is_file()}
    kept = {it.relative_to(SITES): content(it) for it in SITES.rglob("*") if it.is_file()}
    assert made.keys() == kept.keys()
    assert [it for it in made if made[it] != kept[it]] == []
