"""The ledger gives each address one final state, and loses none of them."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import OutputError, Reason
from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Address, Found, Row, Settled, State


def found(*urls: str) -> list[Found]:
    return [Found(url=it, asked=it, host=it.split("/")[2]) for it in urls]


def first(ledger: Ledger, host: str) -> Address:
    return ledger.waiting(host, most=1)[0]


def article(address: Address, identity: str = "") -> Settled:
    return Settled(
        address, State.ARTICLE, row=Row(identity or address.url, {"url": address.url, "text": "é"})
    )


def test_an_address_is_taken_in_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        assert ledger.add(found("http://a/1", "http://a/2", "http://a/1")) == 2
        assert ledger.add(found("http://a/2", "http://b/1")) == 1
        assert ledger.hosts() == ["a", "b"]
        assert ledger.hosts(after="a") == ["b"]
        assert [it.url for it in ledger.waiting("a")] == ["http://a/1", "http://a/2"]


def test_what_is_settled_waits_no_more_and_keeps_its_reason(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/2", "http://a/3"))
        one, two, three = ledger.waiting("a")
        ledger.settle([article(one), Settled(two, State.FAILED, Reason.TLS, "self-signed")])
        assert ledger.waiting("a") == [three]
        assert ledger.counts() == {("article", None): 1, ("failed", "tls"): 1, ("waiting", None): 1}
        assert list(ledger.settled(State.FAILED)) == [
            ("http://a/2", "failed", "tls", "self-signed", None)
        ]
    with Ledger(tmp_path) as again:
        assert list(again.rows()) == [{"url": "http://a/1", "text": "é"}]


def test_two_addresses_of_one_article_bring_it_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/1?amp"))
        one, amp = ledger.waiting("a")
        ledger.settle([article(one, "story"), article(amp, "story")])
        assert len(list(ledger.rows())) == 1
        ((asked, _, _, detail, _),) = ledger.settled(State.SAME)
        assert asked == "http://a/1?amp"
        assert "http://a/1" in (detail or "")


def test_an_article_read_again_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1"))
        ledger.settle([article(first(ledger, "a"), "v1")])
        assert ledger.ask_again([State.ARTICLE]) == 1
        ledger.settle([article(first(ledger, "a"), "v2")])
        assert len(list(ledger.rows())) == 1


def test_links_and_parts_are_written_with_the_page_that_has_them(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1"))
        one = first(ledger, "a")
        ledger.settle([
            Settled(one, State.ARTICLE, row=Row("1", {}), parts=("http://a/1/2",), found=tuple(found("http://b/9")))
        ])  # fmt: skip
        assert ledger.counts() == {("article", None): 1, ("part", None): 1, ("waiting", None): 1}
        assert ledger.hosts() == ["b"]


def test_asking_again_by_reason(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/2"))
        one, two = ledger.waiting("a")
        ledger.settle(
            [
                Settled(one, State.FAILED, Reason.DEADLINE),
                Settled(two, State.FAILED, Reason.HTTP_4XX),
            ]
        )
        assert ledger.ask_again([State.FAILED], [Reason.DEADLINE]) == 1
        assert first(ledger, "a").url == "http://a/1"


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/2"))
        one, two = ledger.waiting("a")
        with pytest.raises(TypeError):
            ledger.settle([article(one), Settled(two, State.ARTICLE, row=Row("x", {1: object}))])  # type: ignore[dict-item]
        assert len(ledger.waiting("a")) == 2
        assert not list(ledger.rows())


def test_a_file_that_is_no_ledger_and_one_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"no database, but longer than its header " * 40)
    with pytest.raises(OutputError, match="cannot be opened"):
        Ledger(tmp_path)
    with Ledger(tmp_path / "new") as ledger:
        ledger.set_note("version", "99")
    with pytest.raises(OutputError, match="version 99"):
        Ledger(tmp_path / "new")


WRITER = """
import sys
from pathlib import Path
from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Row, Settled, State
with Ledger(Path(sys.argv[1])) as ledger:
    print("open", flush=True)
    while waiting := ledger.waiting("a", most=3):
        ledger.settle([Settled(it, State.ARTICLE, row=Row(it.url, {"url": it.url})) for it in waiting])
        print(len(waiting), flush=True)
"""


def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """A real process, killed while it writes, several times; what it acknowledged is there."""
    urls = [f"http://a/{it}" for it in range(6000)]
    with Ledger(tmp_path) as ledger:
        ledger.add(found(*urls))
    acknowledged = 0
    for moment in (0.01, 0.03, 0.05, 0.08, 0.02, 0.04):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(moment)
        child.send_signal(signal.SIGKILL)
        acknowledged += sum(int(it) for it in child.stdout.read().split("\n")[:-1] if it)
        child.wait()
        with Ledger(tmp_path) as ledger:
            rows = Counter(it["url"] for it in ledger.rows())
            waiting = ledger.counts().get(("waiting", None), 0)
        assert max(rows.values(), default=1) == 1
        assert len(rows) >= acknowledged
        assert len(rows) + waiting == len(urls)
    assert 0 < acknowledged < len(urls)


def test_a_later_page_that_was_taken_for_an_article_is_one_no_more(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/1/2", "http://a/1/3"))
        one, two, three = ledger.waiting("a")
        ledger.settle([article(two)])
        assert (ledger.waits(two), ledger.waits(three)) == (False, True)
        ledger.settle([replace(article(one), parts=("http://a/1/2", "http://a/1/3"))])
        assert [it["url"] for it in ledger.rows()] == ["http://a/1"]
        assert not ledger.waits(three)
        assert ledger.counts() == {("article", None): 1, ("part", None): 2}


def test_where_an_address_led_ends_as_it_did_whichever_is_named_first(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://short/1", "http://a/1", "http://short/2"))
        (there,) = ledger.waiting("a")
        one, two = ledger.waiting("short")
        gone = Settled(two, State.FAILED, Reason.SOFT_404, "nothing", landed="http://a/2")
        ledger.settle([replace(article(one), landed="http://a/1"), gone])
        assert not ledger.waits(there)
        ledger.add(found("http://a/2"))
        assert ledger.counts() == {
            ("article", None): 1, ("same", None): 1, ("failed", "soft_404"): 2
        }  # fmt: skip
        # Asked again is the short address, and not what it leads to as well.
        assert ledger.ask_again(list(State)) == 2


def test_a_page_that_a_crawl_needs_for_its_links_waits_whoever_led_to_it(tmp_path: Path) -> None:
    home = Found("http://a/", "http://a/", "a", source=1)
    with Ledger(tmp_path) as ledger:
        ledger.crawl(1)
        ledger.add([*found("http://short/1"), home])
        (short,) = ledger.waiting("short")
        ledger.settle([Settled(short, State.SKIPPED, Reason.INDEX_PAGE, landed="http://a/")])
        assert [it.url for it in ledger.waiting("a")] == ["http://a/"]


def test_a_crawl_takes_in_no_more_than_its_limit(tmp_path: Path) -> None:
    """What only leads on does not count; nothing counts twice."""
    with Ledger(tmp_path) as ledger:
        ledger.crawl(0, 2)
        ledger.add(found("http://a/"))
        (home,) = ledger.waiting("a")
        links = [
            Found(f"http://a/{n}", f"http://a/{n}", "a", depth=1, counts=n != 1)
            for n in (0, 0, 1, 2, 3, 4)
        ]
        ledger.settle([Settled(home, State.SKIPPED, Reason.INDEX_PAGE, found=tuple(links))])
        assert [it.url for it in ledger.waiting("a")] == ["http://a/0", "http://a/1", "http://a/2"]
        assert list(ledger.of_source(0)) == ["http://a/", "http://a/0", "http://a/1", "http://a/2"]


def test_an_article_that_has_become_another_ones_copy_is_there_once(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.add(found("http://a/1", "http://a/2"))
        one, two = ledger.waiting("a")
        ledger.settle([article(one, "one"), article(two, "two")])
        ledger.settle([article(two, "one")])
        assert [it["url"] for it in ledger.rows()] == ["http://a/1"]


NAMES = [f"http://a/{n}" for n in range(6)]
some = st.sampled_from(NAMES)
visits = st.tuples(some, st.integers(0, 3), st.lists(some, max_size=2), st.none() | some)


@given(given_first=st.lists(some, min_size=1), steps=st.lists(visits, max_size=12))
@settings(max_examples=60, deadline=None)
def test_whatever_leads_wherever_each_address_has_one_state_and_each_article_an_address(
    given_first: list[str], steps: list[tuple[str, int, list[str], str | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        ledger.add(found(*given_first))
        for url, identity, parts, landed in steps:
            waiting = {it.url: it for it in ledger.waiting("a")}
            if url not in waiting:
                ledger.add(found(url))
                continue
            ended = article(waiting[url], str(identity)) if identity else Settled(
                waiting[url], State.FAILED, Reason.EMPTY
            )  # fmt: skip
            others = tuple(it for it in parts if it != url) if identity else ()
            ledger.settle([replace(ended, parts=others, landed=landed if landed != url else None)])
        known = set(ledger.of_source(0))
        counts = ledger.counts()
        assert sum(counts.values()) == len(known) >= len(set(given_first))
        articles = [it["url"] for it in ledger.rows()]
        stand = {asked for asked, *_ in ledger.settled(State.ARTICLE)}
        assert len(articles) == len(set(articles))
        assert set(articles) == stand
        for host in ledger.hosts():
            assert all(ledger.waits(it) for it in ledger.waiting(host))
