"""Rules for one site: each of ours fits its site; what is wrong in a file is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaners.labels import Label, Vote
from scraper.errors import JobError
from scraper.extractors.charset import as_utf8
from scraper.extractors.columns import columns
from scraper.extractors.metadata.metadata import metadata
from scraper.extractors.page_blocks import blocks
from scraper.extractors.site.rules import read_rules, rules_for
from scraper.extractors.site.votes import DROP, KEEP, mark, site_votes, with_rules
from scraper.extractors.walk import walk

ROOT = Path(__file__).parents[3]
SITES = ROOT / "fixtures" / "sites"
OURS = sorted((ROOT / "scraper" / "sites").glob("*.toml"))
GOLD = [json.loads(it) for it in (SITES / "gold.jsonl").read_text("utf-8").splitlines()]


def pages_of(name: str) -> list[tuple[Path, dict[str, object]]]:
    """The pages of a site's articles that are complete and not AMP, with what is true of them."""
    found = []
    for it in GOLD:
        path = SITES / it["host"] / it["path"].lstrip("/")
        here = [path, path.with_name(f"{path.name}.html"), path / "index.html"]
        whole = next((each for each in here if each.is_file()), None)
        if it["host"].removeprefix("www.") == name and whole and "/amp/" not in it["path"]:
            found.append((whole, it))
    return found


@pytest.mark.parametrize("path", OURS, ids=lambda it: it.stem)
def test_our_rules_fit_their_site(path: Path) -> None:
    rules = rules_for(f"http://{path.stem}/x")
    assert rules is not None
    pages = pages_of(path.stem)
    assert pages
    for page, gold in pages[:4]:
        tree = LexborHTMLParser(as_utf8(page.read_bytes())[0])
        mark(tree, rules)
        rows = columns(tree)
        assert rows is not None
        segments = walk(rows)
        found = blocks(rows, segments)
        votes = site_votes(rows, segments.first, rules)
        kept, dropped = (
            "".join("".join(found[it.block].text.split()) for it in votes if it.rule == rule)
            for rule in (KEEP, DROP)
        )
        for paragraph in gold["paragraphs"]:
            words = "".join(str(paragraph).split()[:6])
            assert words in kept, (page, words)
            assert words not in dropped, (page, words)
        assert dropped
        known = with_rules(metadata(tree, str(gold["url"])), tree, rules)
        assert known.title == gold["title"]
        if rules.date and gold["published"]:
            assert known.published is not None
            assert known.published.date().isoformat() == str(gold["published"])[:10]


def test_a_file_of_the_user_goes_before_ours(tmp_path: Path) -> None:
    url = "http://presstide.example.test/x/"
    (tmp_path / "presstide.example.test.toml").write_text('checked = 2026-01-01\nkeep = ["p"]')
    ours, theirs = rules_for(url), rules_for(url, tmp_path)
    assert ours is not None
    assert theirs is not None
    assert theirs.keep == ("p",) != ours.keep


def test_rules_of_a_domain_hold_for_the_hosts_below_it(tmp_path: Path) -> None:
    (tmp_path / "news.test.toml").write_text("checked = 2026-01-01")
    assert rules_for("https://www.city.news.test/1", tmp_path) is not None
    assert rules_for("https://othernews.test/1", tmp_path) is None


@pytest.mark.parametrize(
    "url", ["http://../../etc/passwd", "http://[::1]/", "http://a/", "", None, "http://[x"]
)
def test_an_address_never_leads_out_of_the_folder(url: str | None, tmp_path: Path) -> None:
    assert rules_for(url, tmp_path) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("checked = 2026-01-01\nkeeep = []", "keeep"),
        ("keep = []", "checked"),
        ("checked = 2026-01-01\nkeep = ['div[']", "keep"),
        ("checked = 2026-01-01\nkeep = 'p'", "keep"),
        ("checked = 2026-01-01\nkeep = [1]", "keep"),
        ("checked = 2026-01-01\ndate = '::'", "date"),
        ("checked = 2026-01-01\ndrop.rubbish = ['p']", "drop.rubbish"),
        ("checked = 2026-01-01\ndrop.content = ['p']", "drop.content"),
        ("checked = 2026-01-01\nday_first = 1", "day_first"),
        ("checked = ", "site rules"),
        ("checked = 2026-01-01\nnote = '\ud7ff\x00'", "site rules"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "news.test.toml"
    path.write_text(text)
    with pytest.raises(JobError, match=rf"news\.test\.toml: {named}"):
        read_rules(path, "news.test")


def votes_on(page: str, text: str, tmp_path: Path) -> list[Vote]:
    path = tmp_path / "news.test.toml"
    path.write_text(f"checked = 2026-01-01\n{text}")
    rules = read_rules(path, "news.test")
    tree = LexborHTMLParser(page)
    mark(tree, rules)
    rows = columns(tree)
    assert rows is not None
    return site_votes(rows, walk(rows).first, rules)


def test_dropping_goes_before_keeping(tmp_path: Path) -> None:
    page = "<div class=s><p>one</p><div class=box><p>two</p></div><p>three</p></div><p>four</p>"
    found = votes_on(page, "keep = ['.s']\ndrop.related = ['.box']", tmp_path)
    assert [(it.block, it.label, it.rule, it.confidence) for it in found] == [
        (0, Label.CONTENT, KEEP, 1.0),
        (1, Label.RELATED, DROP, 1.0),
        (2, Label.CONTENT, KEEP, 1.0),
    ]
    assert found[1].evidence == ".box"


def test_a_page_cannot_mark_itself(tmp_path: Path) -> None:
    page = "<p data-winnow-rule='legal|x'>one</p><p class=a>two</p>"
    assert [it.block for it in votes_on(page, "drop = ['.a']", tmp_path)] == [1]
