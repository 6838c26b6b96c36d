"""What a change of a site's rules would change in the text and in what is known of its pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cleaners.labels import Labeled
from scraper.article import Article
from scraper.corpus.rows import moment_text
from scraper.errors import ExtractError
from scraper.extractors.extract import Engine, extract
from scraper.extractors.model.choose import Focus
from scraper.extractors.site.rules import SiteRules
from scraper.page import Page
from scraper.sources.canonical import host_of
from scraper.views.stored_pages import is_of


@dataclass(frozen=True, slots=True)
class Trial:
    """Two sets of rules, and how else pages are read."""

    host: str
    before: SiteRules | None
    after: SiteRules | None
    engine: Engine = "winnow"
    focus: Focus = "balanced"


@dataclass(frozen=True, slots=True)
class Line:
    """A block that would go or come; ``why`` is the vote that decides it afterwards."""

    text: str
    why: str

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class Change:
    """A page and what is different. ``values``: name, before, after. ``lost``: why there would be
    no article any more; ``won``: why there was none."""

    url: str
    goes: tuple[Line, ...] = ()
    comes: tuple[Line, ...] = ()
    values: tuple[tuple[str, str | None, str | None], ...] = ()
    lost: str | None = None
    won: str | None = None

    @property
    def is_change(self) -> bool:
        return bool(self.goes or self.comes or self.values or self.lost or self.won)


def changes(pages: Iterable[Page], trial: Trial) -> Iterator[Change]:
    """One for each page of the host, changed or not; pages that are unreadable either way and
    saved files of other hosts are left out."""
    for page in pages:
        before = _read(page, trial, trial.before)
        if isinstance(before, Article) and not _is_of(page, before, trial.host):
            continue
        after = _read(page, trial, trial.after)
        if isinstance(after, str):
            if isinstance(before, Article):
                yield Change(page.url, lost=after)
        elif isinstance(before, str):
            if _is_of(page, after, trial.host):
                yield Change(page.url, won=before)
        else:
            yield _change(page.url, before, after)


def _read(page: Page, trial: Trial, rules: SiteRules | None) -> Article | str:
    try:
        return extract(page.html, page.url, focus=trial.focus, engine=trial.engine, rules=rules)
    except ExtractError as error:
        return f"{error.reason}: {error.detail}"


def _is_of(page: Page, article: Article, host: str) -> bool:
    """A saved file is of the host that its own canonical address names."""
    if page.url.startswith("file:"):
        return is_of(host_of(article.canonical or ""), host)
    return is_of(host_of(page.url), host)


def _change(url: str, before: Article, after: Article) -> Change:
    values = [
        (name, old, new)
        for name, old, new in (
            ("title", before.title, after.title),
            ("authors", ", ".join(before.authors), ", ".join(after.authors)),
            ("published", moment_text(before.published), moment_text(after.published)),
        )
        if old != new
    ]
    return Change(
        url,
        tuple(_only(before.body.kept, after.body.kept, after.body.blocks)),
        tuple(_only(after.body.kept, before.body.kept, after.body.blocks)),
        tuple(values),
    )


def _only(
    these: Sequence[Labeled], those: Sequence[Labeled], after: Iterable[Labeled]
) -> Iterator[Line]:
    """The blocks that are kept here and not there, with the vote on them afterwards."""
    others = Counter(it.block.text for it in those)
    votes = {it.block.index: it.because for it in after}
    for it in these:
        if others[it.block.text] > 0:
            others[it.block.text] -= 1
            continue
        vote = votes.get(it.block.index, it.because)
        yield Line(it.block.text, f"{vote.label.value}, {vote.rule}: {vote.evidence}")
