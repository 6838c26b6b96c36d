"""An article: the story of a page, what is known about it, and all that was not the story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cleaners.labels import Cleaned, Label, Labeled


class PageType(StrEnum):
    """What kind of page it is. The names are those of the WCXB data set."""

    ARTICLE = "article"
    FORUM = "forum"
    DOCUMENTATION = "documentation"
    PRODUCT = "product"
    LISTING = "listing"
    COLLECTION = "collection"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Image:
    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """``body`` holds every block of the page, kept or not; None anywhere means "not known".

    ``origins`` tells for each value that is known where it came from:
    ``{"title": "json-ld headline", "published": "meta article:published_time"}``.
    """

    body: Cleaned
    url: str | None = None
    canonical: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()  # people, or the agency where nobody else signs
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None  # BCP 47, as short as it can be: "de", "pt-BR"
    site: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    agency: str | None = None  # "AP", "Reuters", …: what makes a copy a syndicated one
    license: str | None = None
    paywalled: bool | None = None
    page_type: PageType | None = None
    main_image: str | None = None
    links: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body.text

    @property
    def comments(self) -> tuple[Labeled, ...]:
        """What readers wrote below the story. Never part of ``text`` unless it is asked for."""
        return tuple(it for it in self.body.blocks if it.label is Label.COMMENT)
