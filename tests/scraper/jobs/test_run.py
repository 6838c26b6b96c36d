"""Whole jobs against real sockets, real files and real processes."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.errors import NothingMatched
from scraper.jobs.job_file import read_job
from scraper.jobs.run import Ending, Unwatched, run
from tests.scraper.jobs.small_site import STORY, lines, page, serve_pages, urls, write_job


def test_pages_become_rows_and_copies_stand_in_one_cluster(tmp_path: Path) -> None:
    pages = {
        "a.example.test/1.html": page(1),
        "b.example.test/one.html": page(1).replace("Wendle Post", "Strait Echo"),
        "a.example.test/2.html": page(2),
    }
    with serve_pages(tmp_path / "sites", pages) as world:
        job = write_job(tmp_path, world, urls(*pages, "a.example.test/none.html"))
        outcome = run(job)
    assert outcome.ending is Ending.DONE
    assert outcome.report.states == {"article": 3, "failed": 1}
    assert outcome.report.failed == {"http_4xx": 1}
    assert len(outcome.report.slowest) == 3
    assert all(it.seconds > 0 for it in outcome.report.slowest)
    rows = {it["url"]: it for it in lines(tmp_path / "out/articles.jsonl")}
    one, other, two = (rows[f"http://{it}"] for it in pages)
    assert one["cluster"] == other["cluster"] != two["cluster"]
    assert sorted((one["keep"], other["keep"])) == [False, True]
    assert "The ferry 1000 left" in one["text"]
    assert "Copyright" not in one["text"]
    assert {it["label"] for it in one["removed"]} & {"navigation", "footer", "legal"}
    (cluster,) = lines(tmp_path / "out/clusters.jsonl")
    assert sorted(cluster["members"]) == sorted((one["id"], other["id"]))
    (failure,) = lines(tmp_path / "out/failures.jsonl")
    assert (failure["reason"], failure["status"]) == ("http_4xx", 404)
    assert json.loads((tmp_path / "out/stats.json").read_text())["results"]["articles"] == 3


def test_a_second_run_asks_for_nothing_again(tmp_path: Path) -> None:
    with serve_pages(tmp_path / "sites", {"a.example.test/1.html": page(1)}) as world:
        job = write_job(tmp_path, world, urls("a.example.test/1.html", "a.example.test/9.html"))
        run(job)
        asked = len(world.seen)
        again = run(job)
        assert len(world.seen) == asked
    assert (again.report.new, again.report.known) == (0, 2)
    assert len(lines(tmp_path / "out/articles.jsonl")) == 1


def test_a_page_for_phones_and_the_page_itself_are_one_article(tmp_path: Path) -> None:
    """The canonical address is written in two ways."""
    link = '<link rel=canonical href="http://a.example.test{}/1.html">'
    pages = {
        "a.example.test/1.html": page(1, link.format("")),
        "a.example.test/amp/1.html": page(1, link.format(":80")),
    }
    with serve_pages(tmp_path / "sites", pages) as world:
        outcome = run(write_job(tmp_path, world, urls(*pages)))
    assert outcome.report.states == {"article": 1, "same": 1}
    assert len(lines(tmp_path / "out/articles.jsonl")) == 1


def test_a_recrawl_asks_whether_a_page_has_changed(tmp_path: Path) -> None:
    with serve_pages(tmp_path / "sites", {"a.example.test/1.html": page(1)}) as world:
        job = write_job(tmp_path, world, urls("a.example.test/1.html"))
        run(job)
        unchanged = run(replace(read_job(job), every="0s"))
        assert [it.status for it in world.seen if it.path == "/1.html"] == [200, 304]
    assert unchanged.report.states == {"unchanged": 1}
    assert len(lines(tmp_path / "out/articles.jsonl")) == 1


def test_a_limit_stops_and_the_next_run_goes_on(tmp_path: Path) -> None:
    pages = {f"a.example.test/{n}.html": page(n) for n in range(5)}
    with serve_pages(tmp_path / "sites", pages) as world:
        first = run(write_job(tmp_path, world, urls(*pages), "limit = 2"))
        assert first.ending is Ending.LIMIT
        assert first.report.waiting == 3
        second = run(write_job(tmp_path, world, urls(*pages)))
    assert second.report.states == {"article": 5}


def test_saved_pages_lists_and_lines_that_are_no_address(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "1.html").write_text(page(1), "utf-8")
    (saved / "empty.html").write_bytes(b"")
    (saved / "binary.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (saved / "note.txt").write_text("no page")
    (tmp_path / "list.txt").write_text("# comment\nhttp://a.example.test/2.html\nmailto:x@y\n")
    (tmp_path / "pages.jsonl").write_text(
        json.dumps({"url": "http://c.example.test/3", "html": page(3)}) + "\nbroken\n"
    )
    sources = '[[source]]\nhtml = "saved"\n[[source]]\nfile = "list.txt"\n[[source]]\npages = "pages.jsonl"\n'
    with serve_pages(tmp_path / "sites", {"a.example.test/2.html": page(2)}) as world:
        outcome = run(write_job(tmp_path, world, sources))
    assert outcome.report.states == {"article": 3, "failed": 4}
    assert outcome.report.failed == {"bad_address": 1, "unreadable": 1, "empty": 1, "not_html": 1}


def test_pages_in_gzipped_lines(tmp_path: Path) -> None:
    """More than are held at a time; one broken line; and a file that breaks off."""
    rows = [{"url": f"http://c.example.test/{n}", "html": page(n)} for n in range(70)]
    packed = gzip.compress("\n".join(["broken", *map(json.dumps, rows)]).encode())
    (tmp_path / "pages.jsonl.gz").write_bytes(packed)
    (tmp_path / "torn.jsonl.gz").write_bytes(packed[:-20])
    job = tmp_path / "job.toml"
    job.write_text('[[source]]\npages = "pages.jsonl.gz"\n[[source]]\npages = "torn.jsonl.gz"\n')
    outcome = run(job)
    assert outcome.report.states["article"] == 70
    assert outcome.report.failed == {"unreadable": 3}  # a line in each, and the end of one


def test_pages_that_are_text_have_lost_the_encoding_that_they_name(tmp_path: Path) -> None:
    html = page(1, "<meta charset=windows-1251>").replace("Wendle", "Wëndlé")
    row = {"url": "http://c.example.test/1", "html": html}
    (tmp_path / "pages.jsonl").write_text(json.dumps(row))
    (tmp_path / "job.toml").write_text('[[source]]\npages = "pages.jsonl"\n')
    run(tmp_path / "job.toml")
    (found,) = lines(tmp_path / "winnow-out/articles.jsonl")
    assert "harbor of Wëndlé" in found["text"]


def test_pages_in_parquet(tmp_path: Path) -> None:
    """In more than one row group, text and bytes, one without html; and files that are none."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    address = "http://c.example.test/{}".format
    rows = {"url": [address(n) for n in range(70)], "html": [page(n) for n in range(70)]}
    rows["html"][7] = None  # type: ignore[call-overload]
    parquet.write_table(arrow.table(rows), tmp_path / "pages.parquet", row_group_size=50)
    few = arrow.table({"url": [address("b")], "html": [page(500).encode()]})
    parquet.write_table(few, tmp_path / "bytes.parquet")
    parquet.write_table(arrow.table({"url": ["x"]}), tmp_path / "none.parquet")
    (tmp_path / "torn.parquet").write_bytes((tmp_path / "pages.parquet").read_bytes()[:5000])
    names = ("pages", "bytes", "none", "torn")
    job = tmp_path / "job.toml"
    job.write_text("".join(f'[[source]]\npages = "{it}.parquet"\n' for it in names))
    outcome = run(job)
    assert outcome.report.states == {"article": 70, "failed": 3}
    assert outcome.report.failed == {"unreadable": 3}
    found = {it["url"]: it["title"] for it in lines(tmp_path / "winnow-out/articles.jsonl")}
    assert found == {address(n): f"Ferry {n} sails" for n in range(70) if n != 7} | {
        address("b"): "Ferry 500 sails"
    }


def test_sources_that_give_nothing_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("# nothing\n")
    with serve_pages(tmp_path / "sites", {}) as world, pytest.raises(NothingMatched):
        run(write_job(tmp_path, world, '[[source]]\nfile = "list.txt"\n'))


def test_an_archive_of_a_job_gives_the_same_articles_without_the_network(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    pages = {f"a.example.test/{n}.html": page(n) for n in range(3)}
    with serve_pages(tmp_path / "sites", pages) as world:
        run(write_job(tmp_path, world, urls(*pages), '[output]\nwarc = "warc"\n'))
        online = {it["url"]: it["text"] for it in lines(tmp_path / "out/articles.jsonl")}
    (tmp_path / "again.toml").write_text('out = "again"\n[[source]]\nwarc = "warc"\n')
    run(tmp_path / "again.toml")
    assert {it["url"]: it["text"] for it in lines(tmp_path / "again/articles.jsonl")} == online


def test_a_page_that_takes_too_long_costs_one_row_and_the_job_goes_on(tmp_path: Path) -> None:
    """No page can be read in a tenth of a millisecond; each has its row, and the job its end."""
    pages = {f"a.example.test/{n}.html": page(n) for n in range(3)}
    with serve_pages(tmp_path / "sites", pages) as world:
        job = write_job(tmp_path, world, urls(*pages), "[extract]\ndeadline = 0.0001\n")
        outcome = run(job)
    assert outcome.report.states == {"failed": 3}
    assert outcome.report.failed == {"deadline": 3}


def test_a_worker_that_dies_is_replaced_and_its_page_recorded(tmp_path: Path) -> None:
    """So little memory that the large page ends its worker, or is given up by it."""
    pages = {f"a.example.test/{n}.html": page(n) for n in range(3)}
    pages["a.example.test/1.html"] = f"<html><body><p>{'word ' * 2_500_000}</p></body></html>"
    with serve_pages(tmp_path / "sites", pages) as world:
        job = write_job(tmp_path, world, urls(*pages), "[extract]\nmemory = 150\ndeadline = 30.0\n")
        outcome = run(job)
    assert outcome.report.states == {"article": 2, "failed": 1}
    assert set(outcome.report.failed) <= {"worker_died", "hostile"}


def test_an_article_in_parts_is_one_row(tmp_path: Path) -> None:
    """Three pages of one; the fourth is not there, which the ledger tells."""
    pages = {
        f"a.example.test/story/{n}/index.html": page(n, f'<link rel=next href="/story/{n + 1}/">')
        for n in (2, 3)
    }
    pages["a.example.test/story/index.html"] = page(1, '<link rel=next href="/story/2/">')
    with serve_pages(tmp_path / "sites", pages) as world:
        outcome = run(write_job(tmp_path, world, urls("a.example.test/story/")))
    assert outcome.report.states == {"article": 1, "part": 2, "failed": 1}
    (row,) = lines(tmp_path / "out/articles.jsonl")
    first, second, third = (row["text"].index(f"village number {n}00") for n in (1, 2, 3))
    assert first < second < third
    (lost,) = lines(tmp_path / "out/failures.jsonl")
    assert lost["asked"] == "http://a.example.test/story/4/"


def test_what_a_sitemap_holds_that_is_not_taken_is_told(tmp_path: Path) -> None:
    """It names itself, and an entry that is no address."""
    told: list[tuple[int, str]] = []

    class Listening(Unwatched):
        def noted(self, source: int, text: str) -> None:
            told.append((source, text))

    site = "http://a.example.test"
    index = f"<sitemapindex><sitemap><loc>{site}/{{}}</loc></sitemap></sitemapindex>".format
    entries = f"<url><loc>{site}/1.html</loc></url><url><loc>mailto:x</loc></url>"
    pages = {
        "a.example.test/index.xml": index("maps.xml"),
        "a.example.test/maps.xml": index("index.xml"),
        "a.example.test/map.xml": f"<urlset>{entries}</urlset>",
        "a.example.test/1.html": page(1),
    }
    sources = "".join(f'[[source]]\nsitemap = "{site}/{it}"\n' for it in ("index.xml", "map.xml"))
    with serve_pages(tmp_path / "sites", pages) as world:
        outcome = run(write_job(tmp_path, world, sources), Listening())
    assert outcome.report.states == {"article": 1}
    assert told == [
        (0, f"{site}/maps.xml: names 1 maps that were known already"),
        (1, f"{site}/map.xml: 1 entries without a web address left out"),
    ]


def test_a_crawl_follows_links_within_its_scope(tmp_path: Path) -> None:
    def links(*to: str) -> str:
        return "".join(f"<a href='{it}'>{it}</a> " for it in to)

    pages = {
        "a.example.test/index.html": f"<title>Home</title>{links('/1.html', '/2.html', 'http://b.example.test/9.html')}",
        "a.example.test/1.html": page(1).replace(
            "</body>", links("/3.html", "/photo.jpg") + "</body>"
        ),
        "a.example.test/2.html": page(2),
        "a.example.test/3.html": page(3),
        "b.example.test/9.html": page(9),
    }
    with serve_pages(tmp_path / "sites", pages) as world:
        source = '[[source]]\nsite = "http://a.example.test/"\ninclude = ["[0-9].html"]\n'
        outcome = run(write_job(tmp_path, world, source))
        hosts = {it.host for it in world.seen}
    assert hosts == {"a.example.test"}
    assert outcome.report.skipped == {"index_page": 1}
    assert {it["url"] for it in lines(tmp_path / "out/articles.jsonl")} == {
        f"http://a.example.test/{n}.html" for n in (1, 2, 3)
    }


def test_a_challenge_is_seen_by_its_page_whatever_its_status(tmp_path: Path) -> None:
    """A page without access that is no challenge stays what its status says."""
    challenge = (
        "<title>Just a moment...</title><body><h1>a.example.test</h1>"
        "<p>Checking your browser before accessing. Enable JavaScript and cookies to continue.</p>"
        "<form id=challenge-form action=/cdn-cgi/challenge-platform></form>"
    )
    denied = "<title>Forbidden</title><h1>Forbidden</h1><p>You may not read this.</p>"
    pages = {f"a.example.test/{n}.html": challenge for n in (403, 503)}
    pages |= {"a.example.test/401.html": denied, "a.example.test/404.html": challenge}
    pages["a.example.test/responses.toml"] = "".join(
        f'[responses."/{n}.html"]\nstatus = {n}\nfile = "{n}.html"\n' for n in (401, 403, 404, 503)
    )
    listed = [it for it in pages if it.endswith("html")]
    with serve_pages(tmp_path / "sites", pages) as world:
        run(write_job(tmp_path, world, urls(*listed), "max_pause = 0.0\n"))
    found = {it["status"]: it["reason"] for it in lines(tmp_path / "out/failures.jsonl")}
    assert found == {403: "challenge", 503: "challenge", 401: "http_4xx", 404: "http_4xx"}


def test_a_crawl_ends_at_its_limit_and_a_recrawl_looks_at_lists_again(tmp_path: Path) -> None:
    def home(*to: int) -> str:
        return "<title>Home</title>" + "".join(f"<a href='/{n}.html'>{n}</a> " for n in to)

    pages = {"a.example.test/index.html": home(1, 2, 3)} | {
        f"a.example.test/{n}.html": page(n) for n in (1, 2, 3, 4)
    }
    with serve_pages(tmp_path / "sites", pages) as world:
        source = '[[source]]\nsite = "http://a.example.test/"\ninclude = ["[0-9].html"]\n'
        job = write_job(tmp_path, world, source + "limit = 2\n")
        assert run(job).report.states == {"article": 2, "skipped": 1}
        assert run(job).report.states == {"article": 2, "skipped": 1}
        (tmp_path / "sites/a.example.test/index.html").write_text(home(1, 2, 4))
        write_job(tmp_path, world, source + "limit = 3\n")
        again = run(replace(read_job(job), every="0s"))
    assert again.report.states == {"unchanged": 2, "article": 1, "skipped": 1}
    assert {it["url"] for it in lines(tmp_path / "out/articles.jsonl")} == {
        f"http://a.example.test/{n}.html" for n in (1, 2, 4)
    }


def test_no_address_is_fetched_twice(tmp_path: Path) -> None:
    """Neither where another one led, nor a later page that is in the list as well."""
    pages = {
        "a.example.test/1/index.html": page(1, '<link rel=next href="/1/2/">'),
        "a.example.test/1/2/index.html": page(2),
        "a.example.test/3.html": page(3),
        "a.example.test/old/index.html": "",
    }
    rules = '[responses."/old/"]\nstatus = 301\nheaders = { Location = "/3.html" }\n'
    with serve_pages(tmp_path / "sites", pages | {"a.example.test/responses.toml": rules}) as world:
        paths = ("1/", "1/2/", "old/", "3.html", "old/?again", "old/?and-again")
        job = write_job(tmp_path, world, urls(*(f"a.example.test/{it}" for it in paths)))
        outcome = run(job)
        asked = Counter(it.path for it in world.seen)
        assert outcome.report.states == {"article": 2, "part": 1, "same": 3}
        # In a later pass it is asked for again, and once more no oftener than that.
        again = run(replace(read_job(job), every="0s"))
    assert set(asked.values()) == {1}
    assert Counter(it.path for it in world.seen)["/3.html"] == 2
    assert again.report.states == {"article": 1, "unchanged": 1, "part": 1, "same": 3}


def test_labels_stay_or_go_as_the_job_says(tmp_path: Path) -> None:
    with serve_pages(tmp_path / "sites", {"a.example.test/1.html": page(1)}) as world:
        run(
            write_job(
                tmp_path, world, urls("a.example.test/1.html"), '[clean]\ndrop = ["content"]\n'
            )
        )
        (row,) = lines(tmp_path / "out/articles.jsonl")
    assert "harbor of Wendle" not in row["text"]
    assert any("harbor of Wendle" in it["text"] for it in row["removed"])


def test_a_shell_is_rendered_where_the_job_says_so(tmp_path: Path) -> None:
    """Without a browser the page is recorded as what it is."""
    story = "".join(f"<p>{STORY.format(n=it)}</p>" for it in range(1000, 1004))
    script = (
        f"document.getElementById('root').innerHTML = `<article><h1>Ferry</h1>{story}</article>`"
    )
    shell = (
        "<html><head><title>Ferry</title></head><body><div id=root></div>"
        f"<noscript>You need to enable JavaScript to run this app.</noscript><script>{script}</script></body></html>"
    )
    with serve_pages(tmp_path / "sites", {"a.example.test/1.html": shell}) as world:
        job = read_job(write_job(tmp_path, world, urls("a.example.test/1.html")))
        assert run(job).report.failed == {"needs_browser": 1}
        pytest.importorskip("playwright")
        if not any(map(shutil.which, ("chromium", "google-chrome"))):
            pytest.skip("no Chromium on this machine: apt-get install chromium")
        again = replace(job, out=tmp_path / "rendered", render="auto")
        assert run(again).report.states == {"article": 1}
        assert [it.path for it in world.seen].count("/1.html") == 2  # once in each job
    (row,) = lines(tmp_path / "rendered/articles.jsonl")
    assert "harbor of Wendle at 1000" in row["text"]
