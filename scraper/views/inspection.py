"""Makes the views of a page, of a cluster and of a job from where they lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from heapq import nlargest
from pathlib import Path
from typing import Any, Final

import orjson

from cleaners.duplicates.results import Cluster
from scraper.corpus.atomic import failing_as_output, put_in_place, temporary
from scraper.corpus.rows import ArticleRow
from scraper.errors import ExtractError, NothingMatched, OutputError, Reason
from scraper.extractors.extract import extract
from scraper.extractors.harmless import harmless
from scraper.extractors.read import HowToRead, read
from scraper.extractors.site.rules import rules_for
from scraper.jobs.ledger import Ledger
from scraper.jobs.recrawl import last_settings
from scraper.jobs.report import report
from scraper.jobs.results import FILES, Articles
from scraper.page import Page
from scraper.views.cluster_view import cluster_view
from scraper.views.colors import label_styles
from scraper.views.copies import Story, read_clusters, story
from scraper.views.document import Link, data, file_name
from scraper.views.figures import figures
from scraper.views.job_view import SUSPECTS, Overview, StoryLine, job_view
from scraper.views.page_view import page_view
from scraper.views.pieces import of_article, of_row

# Clusters that get a view of their own beside the overview, and copies in each that get one.
LARGEST: Final = 12
EACH: Final = 8
INDEX: Final = "index.html"


def inspect_page(page: Page, how: HowToRead) -> str:
    """The view of a page. Raises ExtractError where not even a lenient reading finds any text.

    A page that a job would not take as an article is shown, and it is said why.
    """
    notes = []
    rules = rules_for(page.url, how.rules)
    if rules is not None:
        notes.append(f"Read with the rules for {rules.host}, last checked on {rules.checked}.")
    try:
        read(page, how)
    except ExtractError as error:
        notes.append(f"A job would not take this as an article: {error.reason}, {error.detail}.")
    try:
        article = extract(page.html, page.url, focus=how.focus, engine=how.engine, rules=rules)
    except ExtractError as error:
        if error.reason is not Reason.NOTHING_TO_READ or how.focus == "recall":
            raise
        notes.append("Nothing was kept, so it is shown as the focus recall reads it.")
        article = extract(page.html, page.url, focus="recall", engine=how.engine, rules=rules)
    style = data("original.css") + label_styles()
    original = None
    if article.origins.get("body") == "body":
        original = harmless(page.html, article.body, style)
    else:
        notes.append("The story stood in a script or in the head, so there is no original to show.")
    return page_view(of_article(article, tuple(notes), original))


def inspect_article(folder: Path, name: str) -> str:
    """The view of a job's article, by its id or its address. Raises NothingMatched."""
    with open_ledger(folder) as ledger:
        for values in job_rows(folder, ledger):
            if name in (values["id"], values["url"], values.get("asked")):
                return row_view(ArticleRow.of(values))
    raise NothingMatched(name, f"is no id and no address of an article in {folder}")


def row_view(row: ArticleRow, trail: Sequence[Link] = ()) -> str:
    notes = (
        "This is the row that a job has kept: the text, and what was removed from it. Who voted "
        "for the text, and the page itself, are not in it.",
    )
    return page_view(of_row(row, notes), trail)


def inspect_cluster(folder: Path, name: str) -> str:
    """The view of a cluster, by its id or the id of one of its members. Raises NothingMatched."""
    with open_ledger(folder) as ledger:
        for cluster in read_clusters(clusters_file(folder)):
            if name in cluster.members:
                rows = _chosen(job_rows(folder, ledger), cluster.members)
                if rows:
                    return cluster_view(_story(cluster, rows))
    raise NothingMatched(name, f"is no id of a cluster or of a copy in {folder}")


def inspect_job(folder: Path, path: Path) -> list[Path]:
    """Write the overview of a job to ``path``, and beside it the views that it leads to.

    The files that were written, the overview first. Raises NothingMatched, OutputError.
    """
    has_clusters = clusters_file(folder).is_file()
    clusters = list(read_clusters(clusters_file(folder))) if has_clusters else []
    largest = nlargest(LARGEST, clusters, key=lambda it: (len(it.members), it.keep))
    with open_ledger(folder) as ledger:
        figured = figures(job_rows(folder, ledger))
        told = report(ledger)
        suspects = figured.most_suspicious(SUSPECTS)
        members = {it for cluster in largest for it in cluster.members}
        rows = _chosen(job_rows(folder, ledger), {*members, *(it.id for it in suspects)})
    stories = [_story(it, rows) for it in largest if it.keep in rows]
    pages = {it.id for it in suspects if it.id in rows}
    pages |= {copy.row.id for it in stories for copy in it.copies[:EACH]}
    back = Link(path.name, "The job at a glance")
    files = [path]
    for it in stories:
        files.append(path.with_name(file_name("cluster", it.id)))
        write_view(files[-1], cluster_view(it, pages, (back,)))
    of_story = {copy.row.id: it for it in stories for copy in it.copies}
    for name in sorted(pages):
        trail = [back]
        if name in of_story:
            trail.append(Link(file_name("cluster", of_story[name].id), "The copies of this story"))
        files.append(path.with_name(file_name("article", name)))
        write_view(files[-1], row_view(rows[name], trail))
    overview = Overview(
        name=folder.resolve().name,
        report=told,
        figures=figured,
        sizes=dict(sorted(Counter(len(it.members) for it in clusters).items())),
        stories=[_line(it) for it in stories],
        pages=pages,
        has_clusters=has_clusters,
    )
    write_view(path, job_view(overview))
    return files


def _line(it: Story) -> StoryLine:
    return StoryLine(
        id=it.id,
        title=it.copies[0].row.title or it.copies[0].row.url,
        copies=len(it.copies),
        hosts=len({copy.host for copy in it.copies}),
        kinds=", ".join(f"{count} {kind}" for kind, count in sorted(it.kinds.items())),
        href=file_name("cluster", it.id),
    )


def _story(cluster: Cluster, rows: dict[str, ArticleRow]) -> Story:
    if cluster.keep not in rows:
        # The job has gone on since its clusters were written.
        raise NothingMatched(cluster.keep, "is the copy to keep, and its article is gone")
    return story(cluster, rows)


def _chosen(rows: Iterable[Mapping[str, Any]], wanted: Iterable[str]) -> dict[str, ArticleRow]:
    names = set(wanted)
    return {it["id"]: ArticleRow.of(it) for it in rows if it["id"] in names}


def job_rows(folder: Path, ledger: Ledger) -> Iterator[Mapping[str, Any]]:
    """The rows of a job, as its clusters were found in them.

    They are in ``articles.jsonl`` where that holds every row; else they are made from the ledger
    as the job itself makes them.
    """
    job = last_settings(folder)
    path = folder / FILES["jsonl"]
    if job.dedup.keep == "all" and path.is_file():
        try:
            with path.open("rb") as lines:
                yield from map(orjson.loads, lines)
        except (OSError, orjson.JSONDecodeError) as error:
            raise OutputError(str(path), f"cannot be read: {error}") from error
    else:
        yield from (it.as_dict() for it in Articles(ledger, job))


def clusters_file(folder: Path) -> Path:
    return folder / "clusters.jsonl"


def open_ledger(folder: Path) -> Ledger:
    """Raises NothingMatched where a folder is no job's."""
    if not (folder / "ledger.sqlite").is_file():
        raise NothingMatched(str(folder), "is not the folder of a job: it has no ledger.sqlite")
    return Ledger(folder)


def write_view(path: Path, html: str) -> None:
    """Write a view in one piece. Raises OutputError.

    The disk is not made to keep it: a view is made again any time, and waiting for the disk took
    1.5 to 1.9 s for the 130 files of a large job, writing them 0.1 s.
    """
    part = temporary(path)
    try:
        with failing_as_output(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(html.encode("utf-8", "replace"))
        put_in_place(part, path, durable=False)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
