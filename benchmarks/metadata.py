"""How often title, authors and date are right, how often they are invented, and what that costs.

python benchmarks/metadata.py DATA [--part tune|report|all] [--peers] [--misses FIELD]

DATA holds ``news/dev`` and ``wcxb/dev``. Pages are split by publisher or host: what was tuned on
the ``tune`` half is reported on the ``report`` half, page by page of which nobody looked at. An
agency that signs alone counts as an author in "authors" and as nobody in "people" and "invented".
A title is right as written, in its letters (case, spaces, accents and signs folded), or nearly (F1
of its words at .9 and more); "at most" is the share of pages where any candidate is the gold's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from benchmarks.metadata_peers import PEERS, Answer, answered, is_installed
from scraper.extractors.metadata.agency import agency_named
from scraper.extractors.metadata.head import one_line
from scraper.extractors.metadata.metadata import metadata, titles_of
from scraper.extractors.metadata.names import bare
from scraper.extractors.metadata.title_candidates import candidates

# Author entries of the news gold that name a desk, a site, an agency or a place, judged by eye.
NO_PEOPLE = {
    bare(it)
    for it in (
        "nieuwsblad.be", "The Associated Press", "Associated Press", "SDA", "AFP Deutschland",
        "AFP", "Reuters", "FOCUS online", "Redaktion hessenschau.de", "Nairobi", "dpa", "ndr.de",
        "Lille", "sportschau.de", "Le Monde", "Les Echos", "IN-Redaktion", "日刊現代",
        "東京新聞デジタル", "読売新聞オンライン", "SID", "DPA", "MND Staff", "TPN",
        "Habertürk", "AFP, MANILA", "BBC News", "Euronews",
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what is true of it; ``published`` is a day in WCXB, a moment in the news set."""

    name: str
    kind: str  # "news" or the page type of WCXB
    url: str
    html: str
    title: str
    authors: tuple[str, ...]
    published: datetime | date | None


Reader = Callable[[Case], Answer]


def half(key: str) -> str:
    return "tune" if blake2b(key.encode(), digest_size=2).digest()[0] % 2 else "report"


def site_of(case: Case) -> str:
    """What no two parts share: the publisher, or the host."""
    if case.kind == "news":
        return case.name.rsplit("_", 3)[0]
    return (urlsplit(case.url).hostname or "").removeprefix("www.") or case.name


def cases(data: Path, part: str) -> Iterator[Case]:
    for path in sorted((data / "news" / "dev").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if part in ("all", half(gold["publisher"])):
            html = gzip.decompress(path.with_name(f"{path.stem}.html.gz").read_bytes())
            yield Case(
                path.stem,
                "news",
                gold["url"],
                html.decode("utf-8", "replace"),
                gold["title"] or "",
                tuple(gold["authors"]),
                datetime.fromisoformat(gold["published"]) if gold["published"] else None,
            )
    for path in sorted((data / "wcxb" / "dev" / "ground-truth").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        truth = gold["ground_truth"]
        host = (urlsplit(gold.get("url") or "").hostname or "").removeprefix("www.") or path.stem
        if part in ("all", half(host)) and truth.get("main_content"):
            packed = path.parent.parent / "html" / f"{path.stem}.html.gz"
            day = (truth.get("publish_date") or "")[:10]
            author = truth.get("author")
            yield Case(
                path.stem,
                gold["_internal"]["page_type"]["primary"],
                gold.get("url") or "",
                gzip.decompress(packed.read_bytes()).decode("utf-8", "replace"),
                truth.get("title") or "",
                (author,) if isinstance(author, str) and author else (),
                date.fromisoformat(day) if len(day) == 10 and day[4] == "-" else None,
            )


def ours(case: Case) -> Answer:
    found = metadata(LexborHTMLParser(case.html), case.url)
    return Answer(found.title, found.authors, found.published)


def peer(name: str) -> Reader:
    return lambda case: answered(name, case.html, case.url)


# A word, or one character of a script that puts no spaces between words.
_WORD = re.compile("[\u3040-\u9fff]|[^\\W\u3040-\u9fff]+")


def is_nearly(one: str, other: str) -> bool:
    """Whether the words of two titles agree at an F1 of .9 and more."""
    first, second = (Counter(_WORD.findall(it.casefold())) for it in (one, other))
    both = (first & second).total()
    return bare(one) == bare(other) or 2 * both >= 0.9 * max(1, (first + second).total())


def at_most(pages: list[Case]) -> str:
    """How often any candidate is the title of the gold: as written, and in its letters."""
    exact = letters = 0
    for case in pages:
        titles = titles_of(LexborHTMLParser(case.html), case.url)
        texts = [it.text for it in candidates(titles.said, titles.shown, titles.sites)]
        exact += one_line(case.title) in map(one_line, texts)
        letters += bare(case.title) in map(bare, texts)
    return f"title {exact / len(pages):.3f}  title's letters {letters / len(pages):.3f}"


def same_day(found: datetime | None, gold: datetime | date) -> bool:
    if found is None:
        return False
    if isinstance(gold, datetime):
        if gold.tzinfo and found.tzinfo:
            return found.astimezone(UTC).date() == gold.astimezone(UTC).date()
        return found.date() == gold.date()
    return found.date() == gold


def names(authors: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(bare, authors)))


def same_authors(found: tuple[str, ...], case: Case) -> bool:
    if case.kind == "news":
        return names(found) == names(case.authors)
    # WCXB has one line for all authors: the same letters, whatever joins the names.
    line = bare(case.authors[0].replace(" and ", ""))
    return bool(found) and bare("".join(found).replace(" and ", "")) == line


def people(case: Case) -> tuple[str, ...]:
    return tuple(it for it in case.authors if bare(it) not in NO_PEOPLE)


def is_right(name: str, answer: Answer, case: Case) -> bool | None:
    """Whether one figure counts this page as right; None where the figure does not count it."""
    dated = case.published is not None
    match name:
        case "title":
            return one_line(answer.title) == one_line(case.title)
        case "title's letters":
            return bare(answer.title or "") == bare(case.title)
        case "title nearly":
            return is_nearly(one_line(answer.title), one_line(case.title))
        case "authors":
            return same_authors(answer.authors, case) if case.authors else None
        case "people":
            if case.kind != "news" or not case.authors:
                return None
            # An agency that signs alone is an author in the one figure and none in this one.
            persons = tuple(it for it in answer.authors if not agency_named(it))
            return names(persons) == names(people(case))
        case "date":
            return same_day(answer.published, case.published) if case.published else None
        case "author invented":
            persons = tuple(it for it in answer.authors if not agency_named(it))
            return bool(persons) if not people(case) else None
        case "date invented":
            return answer.published is not None if not dated else None
    raise KeyError(name)


FIGURES = (
    "title",
    "title's letters",
    "title nearly",
    "authors",
    "people",
    "date",
    "author invented",
    "date invented",
)
GROUPS = {
    "news": ("news",),
    "wcxb articles": ("article",),
    "wcxb others": ("forum", "documentation", "product", "listing", "collection", "service"),
}
GROUPS["wcxb all"] = GROUPS["wcxb articles"] + GROUPS["wcxb others"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("--part", choices=("tune", "report", "all"), default="report")
    parser.add_argument("--peers", action="store_true", help="also those peers that are installed")
    parser.add_argument("--misses", choices=FIGURES, help="print the pages that ours gets wrong")
    parser.add_argument("--group", choices=tuple(GROUPS), help="with --misses: only these pages")
    told = parser.parse_args()
    pages = list(cases(told.data, told.part))
    readers: dict[str, Reader] = {"winnow": ours}
    if told.peers:
        readers |= {name: peer(name) for name in PEERS if is_installed(name)}
    if told.misses:
        return show_misses(pages, told.misses, told.group)
    for group, kinds in GROUPS.items():
        chosen = [it for it in pages if it.kind in kinds]
        print(f"\n{group}, {told.part} part, {len(chosen)} pages")
        for name, reader in readers.items():
            answers = [reader(it) for it in chosen]
            told_figures = []
            for figure in FIGURES:
                rights = [is_right(figure, a, c) for a, c in zip(answers, chosen, strict=True)]
                counted = [it for it in rights if it is not None]
                if counted:
                    told_figures.append(
                        f"{figure} {sum(counted) / len(counted):.3f} of {len(counted)}"
                    )
            print(f"  {name:12} " + "  ".join(told_figures), flush=True)
        print("  at most      " + at_most(chosen))
    print("\nmilliseconds a page, median (without the parse; peers with their own)")
    parses, walks = [], []
    for case in pages:
        start = time.process_time()
        tree = LexborHTMLParser(case.html)
        parsed = time.process_time()
        metadata(tree, case.url)
        walks.append(1e3 * (time.process_time() - parsed))
        parses.append(1e3 * (parsed - start))
    late = sorted(walks)[int(len(walks) * 0.95)]
    print(f"  winnow {statistics.median(walks):.2f} (95 %: {late:.2f})")
    print(f"  parse {statistics.median(parses):.2f}")
    for name, reader in list(readers.items())[1:]:
        spent = []
        for case in pages[::5]:
            start = time.process_time()
            reader(case)
            spent.append(1e3 * (time.process_time() - start))
        print(f"  {name} {statistics.median(spent):.1f}")
    return None


def show_misses(pages: list[Case], figure: str, group: str | None) -> None:
    for case in pages:
        if group and case.kind not in GROUPS[group]:
            continue
        found = metadata(LexborHTMLParser(case.html), case.url)
        answer = Answer(found.title, found.authors, found.published)
        right = is_right(figure, answer, case)
        if right is (figure.endswith("invented")):
            field = {"title": "title", "date": "published"}.get(figure.split()[0], "authors")
            print(f"{case.kind} {case.name} {case.url}")
            print(f"    gold {getattr(case, field)!r}")
            print(f"    ours {getattr(answer, field)!r} ({found.origins.get(field)})")


if __name__ == "__main__":
    main()
