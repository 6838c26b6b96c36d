"""How long the view of a large job takes to be written: ``python benchmarks/views.py``.

Makes a job of so many articles in a temporary folder (a ledger, articles.jsonl, clusters.jsonl, as
a run leaves them), writes its overview with all views that it leads to, and prints the time for
it and the size of the overview. With ``--browser`` also how long a Chromium takes to open it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cleaners.duplicates import CopyKind, Match
from cleaners.duplicates.results import Cluster, Duplicates, Passage
from scraper.corpus.atomic import write_whole
from scraper.corpus.jsonl import JsonlWriter
from scraper.corpus.rows import ArticleRow, Removed, row_id
from scraper.errors import Reason
from scraper.jobs.ledger import Ledger
from scraper.jobs.recrawl import keep_settings
from scraper.jobs.results import cluster_lines
from scraper.jobs.settings import JobSettings, SourceSettings
from scraper.jobs.state import Found, Row, Settled, State
from scraper.views.inspection import inspect_job

HOSTS = 200
# As the small demo world has them on the average, rounded up.
REMOVED = 25  # blocks of a page
WORDS = 400  # of an article
EVERY = 20  # of so many articles one is a story of a cluster
LABELS = ("navigation", "related", "footer", "advert", "newsletter", "legal", "byline", "sharing")
LANGUAGES = ("en",) * 7 + ("de", "fr", "es")
REASONS = (Reason.HTTP_4XX, Reason.DEADLINE, Reason.PAYWALL)


def made(number: int, dice: random.Random, words: list[str]) -> ArticleRow:
    host = f"paper{min(int(dice.paretovariate(0.7)), HOSTS)}.example.test"
    url = f"http://{host}/{number}.html"
    removed = tuple(
        Removed(
            dice.choice(LABELS),
            "family.what-it-sees.en",
            round(dice.uniform(0.6, 1.0), 4),
            "the words that were seen",
            f"{host} line {n}" if n < 18 else " ".join(dice.choices(words, k=12)),
            0,
        )
        for n in range(REMOVED)
    )
    length = max(20, int(dice.gauss(WORDS, 150)))
    text = "\n\n".join(
        " ".join(dice.choices(words, k=min(60, length - at))) for at in range(0, length, 60)
    )
    return ArticleRow(
        id=row_id(url),
        url=url,
        text=text,
        asked=url,
        title=" ".join(dice.choices(words, k=7)),
        published=f"2026-{dice.randint(1, 10):02d}-{dice.randint(1, 28):02d}T08:00:00+00:00",
        language=dice.choice(LANGUAGES),
        removed=removed,
        origins={"title": "meta og:title"},
    )


def clusters(rows: list[ArticleRow], dice: random.Random) -> Iterator[Cluster]:
    """Stories of two to thirty copies, each aligned with the first by its opening sentences."""
    at = 0
    while at < len(rows) // EVERY:
        size = min(2 + int(dice.paretovariate(1.2)), 30)
        group = rows[at : at + size]
        at += size
        first = group[0]
        matches = tuple(
            Match(
                first.id,
                it.id,
                CopyKind.REWRITTEN,
                0.5,
                0.9,
                tuple(
                    Passage((n, n + 60), (n, n + 60), 0.5)
                    for n in range(0, min(len(first.text), len(it.text)) - 60, 60)
                ),
            )
            for it in group[1:]
        )
        yield Cluster(tuple(it.id for it in group), first.id, "the earliest", matches)


def make_job(folder: Path, articles: int) -> None:
    dice = random.Random(7)
    words = ["".join(dice.choices("abcdefghijklmnop", k=dice.randint(2, 9))) for _ in range(9000)]
    rows = [made(number, dice, words) for number in range(articles)]
    with Ledger(folder) as ledger:
        keep_settings(ledger, JobSettings((SourceSettings(urls=("http://a.example.test/",)),)))
        ledger.add(Found(it.url, it.url, it.url.split("/")[2]) for it in rows)
        waiting = {
            it.url: it
            for host in ledger.hosts(most=10 * HOSTS)
            for it in ledger.waiting(host, most=articles)
        }
        ledger.settle(
            [
                Settled(waiting[it.url], State.ARTICLE, status=200, row=Row(it.id, it.as_dict()))
                if n % 12
                else Settled(waiting[it.url], State.FAILED, dice.choice(REASONS), "made so")
                for n, it in enumerate(rows)
            ]
        )
    writer = JsonlWriter(folder / "articles.jsonl")
    kept = [it for n, it in enumerate(rows) if n % 12]
    writer.write(kept)
    writer.close()
    found = Duplicates(tuple(clusters(kept, dice)), (), ())
    import orjson

    lines = b"".join(orjson.dumps(it) + b"\n" for it in cluster_lines(found))
    write_whole(folder / "clusters.jsonl", lines)


def opened(path: Path) -> float:
    """Milliseconds until a Chromium has laid the page out, the median of five."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    times = []
    with sync_playwright() as playwright:
        where = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=where, args=flags)
        for _ in range(5):
            tab = browser.new_page()
            tab.goto(path.as_uri())
            times.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
            tab.close()
        browser.close()
    return statistics.median(times)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--articles", type=int, default=10_000)
    ask.add_argument("--browser", action="store_true", help="open it in Chromium as well")
    told = ask.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_job(folder, told.articles)
        begin, used = time.perf_counter(), time.process_time()
        files = inspect_job(folder, folder / "inspect" / "index.html")
        took, cpu = time.perf_counter() - begin, time.process_time() - used
        print(
            f"{told.articles:,} articles: {len(files)} files in {took:.1f} s ({cpu:.1f} s of CPU)"
        )
        print(f"overview: {files[0].stat().st_size / 1024:.0f} KiB")
        if told.browser:
            print(f"opened in {opened(files[0]):.0f} ms")


if __name__ == "__main__":
    main()
