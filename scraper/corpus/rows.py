"""The one row that an article becomes, whatever the file; described in docs/outputs.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from cleaners.labels import Cleaned
from scraper.article import Article
from scraper.page import Page


@dataclass(frozen=True, slots=True)
class Removed:
    """A block that is not in the text, and the vote that took it out.

    ``at`` is where it stood: so many characters of the row's text came before it. None is "not
    known".
    """

    label: str
    rule: str
    confidence: float
    evidence: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """Flat but for ``removed`` and ``origins``. None is "not known".

    Moments are ISO 8601 text, as exact as they are known: ``2024-05-03``,
    ``2024-05-03T15:47:42+02:00``.

    The last group is empty until copies have been looked for: ``cluster`` is the id of the row that
    stands for the story, ``keep`` whether this is that row, ``match`` and ``likeness`` how this
    row is a copy of it.
    """

    id: str
    url: str
    text: str
    asked: str | None = None
    canonical: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    agency: str | None = None
    license: str | None = None
    paywalled: bool | None = None
    page_type: str | None = None
    main_image: str | None = None
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    removed: tuple[Removed, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    fetched_at: str | None = None
    status: int | None = None
    markdown: str | None = None  # only where it was asked for; left out of the row where it is None

    cluster: str | None = None
    keep: bool | None = None
    match: str | None = None
    likeness: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in the order of the fields."""
        held = {name: getattr(self, name) for name in COLUMNS}
        # By hand: ``asdict`` copies every text deeply, which took longer than reading the metadata.
        held["removed"] = [{name: getattr(it, name) for name in _OF_REMOVED} for it in self.removed]
        held["origins"] = dict(self.origins)
        for name in LISTS:
            held[name] = list(held[name])
        if self.markdown is None:
            del held["markdown"]
        return held

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> ArticleRow:
        """The row that ``as_dict`` made; columns that nobody knows are left out.

        Raises KeyError where id, url or text is missing.
        """
        known = {name: value for name, value in values.items() if name in COLUMNS}
        for name in LISTS:
            known[name] = tuple(known.get(name) or ())
        known["removed"] = tuple(Removed(**it) for it in known.get("removed") or ())
        known["origins"] = dict(known.get("origins") or {})
        missing = [name for name in ("id", "url", "text") if known.get(name) is None]
        if missing:
            raise KeyError(missing[0])
        return cls(**known)


_OF_REMOVED: tuple[str, ...] = tuple(it.name for it in fields(Removed))
COLUMNS: tuple[str, ...] = tuple(it.name for it in fields(ArticleRow))
LISTS: tuple[str, ...] = ("authors", "tags", "images", "links")


def row(article: Article, page: Page | None = None, *, markdown: str | None = None) -> ArticleRow:
    """The row of an article; ``page`` adds what was asked for, when, and the answer's status."""
    url = article.url or (page.url if page else "") or ""
    made = ArticleRow(
        id=row_id(url or article.text),
        url=url,
        text=article.text,
        canonical=article.canonical,
        title=article.title,
        authors=article.authors,
        published=moment_text(article.published),
        modified=moment_text(article.modified),
        language=article.language,
        site=article.site,
        section=article.section,
        tags=article.tags,
        agency=article.agency,
        license=article.license,
        paywalled=article.paywalled,
        page_type=article.page_type.value if article.page_type else None,
        main_image=article.main_image,
        images=tuple(it.url for it in article.images),
        links=article.links,
        removed=tuple(removed(article.body)),
        origins=dict(article.origins),
        markdown=markdown,
    )
    if page is None:
        return made
    return replace(
        made, asked=page.asked, fetched_at=page.fetched_at.isoformat(), status=page.status
    )


def removed(body: Cleaned) -> Iterator[Removed]:
    """What is not in ``body.text``, in its order, each with its place in it."""
    at = 0
    is_after_kept = False
    for it in body.blocks:
        is_kept = it.label in body.keeping
        if is_kept:
            # As ``Cleaned.text`` sets them one below the other.
            at += 0 if not at else 1 if it.block.tight and is_after_kept else 2
            at += len(it.block.text)
        else:
            vote = it.because
            yield Removed(
                it.label.value,
                vote.rule,
                round(vote.confidence, 4),
                vote.evidence,
                it.block.text,
                at,
            )
        is_after_kept = is_kept


def row_id(address: str) -> str:
    """Sixteen hexadecimal digits that stand for an address, the same in every run.

    >>> row_id("https://news.example/1")
    'efb2c5087402aa01'
    """
    return blake2b(address.encode("utf-8", "replace"), digest_size=8).hexdigest()


def moment_text(moment: datetime | None) -> str | None:
    """ISO 8601, and only the day where no more than the day is known.

    >>> moment_text(datetime(2024, 5, 3))
    '2024-05-03'
    """
    if moment is None:
        return None
    if moment.tzinfo is None and not (moment.hour or moment.minute or moment.second):
        return moment.date().isoformat()
    return moment.isoformat()


def encoded(values: Any) -> bytes:
    """Plain values as JSON in UTF-8. Half a surrogate pair, which UTF-8 has not, becomes ``?``."""
    try:
        return orjson.dumps(values)
    except TypeError:
        return orjson.dumps(sound(values))


def sound(value: Any) -> Any:
    """The same values with every text one that UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {sound(key): sound(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [sound(each) for each in value]
    return value
