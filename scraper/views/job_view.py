"""A whole job at a glance: how it ended, what was removed, which copies, what looks odd."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scraper.jobs.report import Report
from scraper.jobs.state import State
from scraper.views.charts import Bar, bars, steps
from scraper.views.colors import label_class, words_of
from scraper.views.document import document, file_name, masthead, table
from scraper.views.figures import Figures, Suspect, Template, by_period
from scraper.views.html import Html, Part, el

STATES: Final[Mapping[str, str]] = {
    State.ARTICLE: "articles",
    State.UNCHANGED: "articles, not changed since",
    State.SAME: "other addresses of an article",
    State.PART: "later pages of an article",
    State.SKIPPED: "skipped",
    State.FAILED: "failed",
    State.WAITING: "waiting",
}
SUSPECTS: Final = 25
HOSTS: Final = 8  # whose template lines are shown
LINES: Final = 12


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A cluster in the list of the largest; ``href`` leads to its view where there is one."""

    id: str
    title: str
    copies: int
    hosts: int
    kinds: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Overview:
    """``sizes``: of each size of a cluster how many there are. ``pages``: ids with a page view."""

    name: str
    report: Report
    figures: Figures
    sizes: Mapping[int, int]
    stories: Sequence[StoryLine]
    pages: Collection[str]
    has_clusters: bool


def job_view(it: Overview) -> str:
    """The whole file."""
    main = el(
        "main",
        el(
            "div",
            _outcomes(it.report),
            _reasons(it.report),
            _removed(it.figures),
            _languages(it.figures),
            _dates(it.figures),
            _lengths(it.figures),
            _sizes(it),
            el("div", _hosts(it.report), class_="wide"),
            class_="cards",
        ),
        _copies(it),
        _suspects(it.figures.most_suspicious(SUSPECTS), it),
        _templates(list(it.figures.templates(HOSTS, LINES))),
        _slowest(it.report),
        id="content",
        tabindex=-1,
    )
    return document(
        f"{it.name} · winnow inspect",
        "job",
        masthead("a job at a glance", it.name, _tiles(it)),
        main,
    )


def _tiles(it: Overview) -> Html:
    done = it.figures
    copies = sum((size - 1) * count for size, count in it.sizes.items())
    removed = done.words_removed.total()
    share = removed / (removed + done.words_kept) if removed else 0.0
    tiles = [
        (f"{it.report.total:,}", "addresses"),
        (f"{done.articles:,}", "articles"),
        (f"{done.articles - copies:,}", "stories"),
        (f"{done.words_kept:,}", "words kept"),
        (f"{share:.0%}", "of all words removed"),
        (f"{len(done.pages):,}", "hosts with articles"),
    ]
    return el(
        "dl", *(el("div", el("dt", name), el("dd", value)) for value, name in tiles), class_="tiles"
    )


def _outcomes(told: Report) -> Html:
    values = [
        Bar(name, told.states[state], f"state-{state}")
        for state, name in STATES.items()
        if told.states.get(state)
    ]
    return bars("How the addresses ended", "addresses", values)


def _reasons(told: Report) -> Part:
    counted = [
        (count, reason, state)
        for state, counts in (("failed", told.failed), ("skipped", told.skipped))
        for reason, count in counts.items()
    ]
    if not counted:
        return None
    counted.sort(key=lambda it: (-it[0], it[1]))
    values = [Bar(words_of(reason), count, f"state-{state}") for count, reason, state in counted]
    rows: list[Sequence[Part]] = [
        [words_of(reason), state, f"{count:,}"] for count, reason, state in counted
    ]
    title = "Why addresses failed or were skipped"
    return bars(title, "addresses", values, beside=table(title, ["", "", "#addresses"], rows))


def _hosts(told: Report) -> Html:
    rows: list[Sequence[Part]] = [
        [it.host, f"{it.addresses:,}", f"{it.articles:,}", f"{it.failed:,}"] for it in told.hosts
    ]
    columns = ["host", "#addresses", "#articles", "#failed"]
    title = "Pages by host"
    values = [Bar(it.host, it.addresses) for it in told.hosts]
    return bars(title, "addresses", values, beside=table(title, columns, rows))


def _removed(done: Figures) -> Html:
    values = [
        Bar(
            words_of(label),
            words,
            label_class(label),
            el("span", words_of(label), class_=f"tag {label_class(label)}"),
        )
        for label, words in done.words_removed.most_common()
    ]
    return bars("Words removed, by label", "words", values, most=14)


def _languages(done: Figures) -> Html:
    return bars(
        "Languages", "articles", [Bar(name, count) for name, count in done.languages.most_common()]
    )


def _dates(done: Figures) -> Html:
    undated = done.days.get("", 0)
    title = "When they were published"
    if undated:
        title += f" ({undated:,} without a date)"
    return steps(title, "articles", "published", by_period(done.days))


def _lengths(done: Figures) -> Html:
    top = max(done.lengths, default=0)
    values = [
        ("2,000 and more" if n == 20 else f"{n * 100} to {n * 100 + 99}", done.lengths[n])
        for n in range(top + 1)
    ]
    return steps("Words kept of an article", "articles", "words", values)


def _sizes(it: Overview) -> Part:
    if not it.sizes:
        return None
    sizes = [(f"{size} copies", count) for size, count in sorted(it.sizes.items())]
    return steps("Clusters by size", "clusters", "size", sizes)


def _copies(it: Overview) -> Html:
    if not it.has_clusters:
        told = "The job has written no clusters.jsonl: it has not ended yet, or looked for none."
        return el("section", el("h2", "Copies"), el("p", told))
    rows: list[Sequence[Part]] = [
        [
            el("a", el("bdi", each.title), href=each.href) if each.href else el("bdi", each.title),
            f"{each.copies:,}",
            f"{each.hosts:,}",
            each.kinds,
            el("code", each.id),
        ]
        for each in it.stories
    ]
    columns = ["story", "#copies", "#hosts", "are", "cluster"]
    named = f"The largest {len(rows)} of {sum(it.sizes.values()):,}"
    body = table(named, columns, rows) if rows else el("p", "No copies were found.")
    return el("section", el("h2", "Stories with copies"), body)


def _suspects(found: Sequence[Suspect], it: Overview) -> Html:
    rows: list[Sequence[Part]] = []
    for each in found:
        title: Part = el("bdi", each.title or each.id)
        if each.id in it.pages:
            title = el("a", title, href=file_name("article", each.id))
        rows.append(
            [
                title,
                each.host,
                "; ".join(each.reasons),
                f"{each.words:,}",
                f"{each.removed:,}",
                el("code", each.id),
            ]
        )
    columns = ["page", "host", "because", "#kept", "#removed", "id"]
    many = len(it.figures.suspects)
    body = (
        table(f"The first {len(rows)} of {many:,} with a reason to look", columns, rows)
        if rows
        else el("p", "Nothing looks odd: enough text on every page, no doubtful removals.")
    )
    return el("section", el("h2", "Pages worth a look"), body)


def _slowest(told: Report) -> Html:
    """The pages that took longest to read, whatever became of them."""
    if not told.slowest:
        return el("p", "How long reading took was not recorded by this job.", class_="quiet")
    rows: list[Sequence[Part]] = [
        [el("bdi", it.asked), words_of(it.state), f"{it.seconds * 1000:,.0f}"]
        for it in told.slowest
    ]
    body = table("Milliseconds of reading, fetching not counted", ["page", "state", "#ms"], rows)
    return el("section", el("h2", "Slowest pages"), body)


def _templates(found: Sequence[Template]) -> Html:
    """What returns on page after page of a site."""
    parts = []
    for site in found:
        rows: list[Sequence[Part]] = [
            [
                el("bdi", line.text),
                el("span", words_of(line.label), class_=f"tag {label_class(line.label)}"),
                f"{line.pages:,}",
            ]
            for line in site.lines
        ]
        name = f"{site.host}, {site.pages:,} articles"
        parts.append(
            el(
                "details",
                el("summary", name, el("span", f" · {len(site.lines)} lines", class_="quiet")),
                table(f"Lines of {site.host}", ["line", "label", "#pages"], rows),
                class_="block site",
            )
        )
    return el(
        "section",
        el("h2", "Template lines, by site"),
        *parts or [el("p", "No removed line returns on several pages of one site.")],
    )
