"""What pages cost that are made to hurt, and those that are only long: time and memory of each.

    python benchmarks/hostile_pages.py [NAME …]         # a minute for all

Each page is read in a process of its own, which has read a short one before: what is printed is
its CPU time, by how much the process was larger at its largest, and how the page ended.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scraper.errors import ExtractError
from scraper.extractors.extract import extract

RAIN = "It rained all day in Ghent, and the river rose by half a metre before noon. "
STORY = f"<p>{RAIN * 4}</p>"
LINES = 49_000  # a thousand fewer than are read
LIMITS = 1.0, 200.0  # seconds, MB


def names(count: int) -> str:
    return " ".join(f"a{it:x}" for it in range(count))


def book(megabytes: int) -> str:
    part = f"<div class=part><h2>Rain</h2>{STORY * 8}<ul><li><a href=/x>one</a><li>two</ul></div>\n"
    return part * (megabytes * 1_000_000 // len(part))


PAGES: dict[str, Callable[[], str]] = {
    "a book of 1 MB": lambda: book(1),
    "a book of 4 MB": lambda: book(4),
    "a book of 10 MB": lambda: book(10),
    "one paragraph, ASCII": lambda: "<p>" + RAIN * 130_000,
    "one paragraph, Latin": lambda: "<p>" + "Der Fluß stieg über Nacht – bis ans Ufer. " * 220_000,
    "one paragraph, Chinese": lambda: "<p>" + "河水在中午之前上涨了半米。" * 250_000,
    "rows of a table": lambda: "<table>" + "<tr><td>one<td>two three" * 30_000,
    "lines": lambda: STORY + "line of text<br>" * LINES,
    "links": lambda: "<a href=/x>link</a> " * 99_000,
    "short paragraphs": lambda: "<p>a short line</p>" * LINES,
    "headings": lambda: "".join(f"<h1>Head line {it}</h1>" for it in range(LINES)) + STORY,
    "names of classes": lambda: "".join(
        f"<p class='c{it} d{it} e{it} f{it}'>word{it}</p>" for it in range(LINES)
    ),
    "pictures": lambda: STORY + "<img src=x alt=y>" * 190_000 + STORY,
    "elements in the head": lambda: "<meta name=x content=y>" * 190_000 + STORY,
    "JSON-LD": lambda: (
        '<script type="application/ld+json">['
        + ",".join(['{"@type":"Article","articleBody":"rain"}'] * 200_000)
        + f"]</script>{STORY}"
    ),
    "deep": lambda: "<div>" * 3_900 + STORY,
    "deeper": lambda: "<div>" * 100_000 + STORY,
    "attributes": lambda: f"{STORY}<p {names(100_000)}>x",
    "attributes behind a >": lambda: f"{STORY}<p x='>' {names(100_000)}>x",
    "attributes in portions": lambda: (
        STORY + "<p " + " ".join(f"x{it}='>' {names(900)}" for it in range(300)) + ">x"
    ),
    "attributes on many tags": lambda: (STORY + f"<p {names(900)}>x") * 2_000,
    "attributes in a script": lambda: f'{STORY}<script>var a = "<p {names(40_000)}>"</script>',
    "30 MB": lambda: STORY * 100_000,
    "1,000,000 links": lambda: "<a href=/x>link</a> " * 1_000_000,
}


def highest() -> float:
    """MB, the most that this process has had so far."""
    unit = 1_000 if sys.platform == "linux" else 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def one(name: str) -> None:
    extract(book(1)[:200_000])
    page = PAGES[name]().encode()
    before, start = highest(), time.process_time()
    try:
        ended = f"{len(extract(page).text):,} characters"
    except ExtractError as error:
        ended = f"{error.reason}: {error.detail}"
    seconds, larger = time.process_time() - start, highest() - before
    over = "  OVER" if seconds > LIMITS[0] or larger > LIMITS[1] else ""
    print(
        f"{name:24}{len(page) / 1e6:7.2f} MB {seconds:6.2f} s {larger:6.0f} MB"
        f"{larger * 1e6 / len(page):7.1f} × the page  {ended}{over}"
    )


def main() -> None:
    said = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    said.add_argument("names", nargs="*", metavar="NAME")
    told = said.parse_args()
    if len(told.names) == 1:
        one(told.names[0])
        return
    for name in told.names or PAGES:
        subprocess.run([sys.executable, __file__, name], check=True)


if __name__ == "__main__":
    main()
