"""What captions, reviews, signatures and further stories are worth, by the type of the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from cleaners.labels import Label
from scraper.article import PageType
from scraper.extractors.columns import columns
from scraper.extractors.elements import elements
from scraper.extractors.extract import How, extract_as
from scraper.extractors.model.by_type import by_type
from scraper.extractors.model.measured import measured
from scraper.extractors.model.page_model import PageModel, Reading, page_model
from scraper.extractors.model.place_labels import SUSPECTS, place_labels
from scraper.extractors.said import said
from scraper.extractors.walk import walk

SENTENCE = "The ferry to the island was late again, and the mayor asked the harbor why. "
LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class Told:
    story: float
    label: Label | None


def told(html: str, page_type: PageType) -> dict[str, Told]:
    """Of each text its probability and label, where the model thought ``LIKELY`` of each."""
    tree = LexborHTMLParser(html.encode())
    page = columns(tree)
    assert page is not None
    segments = walk(page)
    holding = elements(page, segments)
    known = measured(page, segments, holding)
    reading = Reading(np.full(known.n, LIKELY), {it.value: it is page_type for it in PageType})
    story, labels = by_type(known, said(tree, html.encode()), reading, place_labels(holding))
    return {
        text: Told(likely, SUSPECTS[label] if label >= 0 else None)
        for text, likely, label in zip(segments.texts, story.tolist(), labels.tolist(), strict=True)
    }


def scrolled(title: str, first: str = "A late ferry", second: str = "A new bridge") -> str:
    stories = "".join(
        f"<article><h1>{head}</h1><p>{SENTENCE * 9}{head}.</p></article>"
        for head in (first, second)
    )
    return f"<html><head><title>{title}</title></head><body>{stories}</body></html>"


@pytest.mark.parametrize(
    ("name", "page_type", "goes"),
    [
        ("caption", PageType.ARTICLE, True),
        ("wp-caption-text", PageType.ARTICLE, True),
        ("photoCaption", PageType.ARTICLE, True),
        ("has-caption", PageType.ARTICLE, False),
        ("caption", PageType.COLLECTION, False),
        ("signature", PageType.FORUM, True),
        ("signature", PageType.ARTICLE, False),
    ],
)
def test_a_named_place_goes_on_its_type_of_page_alone(
    name: str, page_type: PageType, goes: bool
) -> None:
    html = f"<p>{SENTENCE}</p><div class='{name}'><p>The ferry at the pier.</p></div>"
    found = told(html, page_type)
    assert found[SENTENCE.strip()].story == LIKELY
    there = found["The ferry at the pier."]
    assert (there.story < 0.01) == goes
    assert there.story == LIKELY or there.label in (Label.PHOTO_CREDIT, Label.AUTHOR_BIO)


def test_reviews_weigh_less_on_shops_and_as_before_on_articles() -> None:
    html = f"<p>{SENTENCE}</p><ul class='reviews'><li><p>It rings well.</p></li></ul>"
    assert 0.5 < told(html, PageType.PRODUCT)["It rings well."].story < LIKELY
    assert told(html, PageType.ARTICLE)["It rings well."].story == LIKELY


def test_a_place_far_around_says_nothing() -> None:
    html = (
        f"<div class='caption'><div><div><div><div><p>{SENTENCE}</p></div></div></div></div></div>"
    )
    assert told(html, PageType.ARTICLE)[SENTENCE.strip()].story == LIKELY


def test_a_second_story_below_the_first_goes() -> None:
    found = told(scrolled("A late ferry | The Harbor Post"), PageType.ARTICLE)
    assert found["A late ferry"].story == LIKELY
    assert found["A new bridge"].story < 0.01
    assert found["A new bridge"].label is Label.RELATED


@pytest.mark.parametrize(
    "html",
    [
        scrolled("The Harbor Post"),
        scrolled("A late ferry, a new bridge: A new bridge"),
        scrolled("A late ferry").replace("h1>", "h2>"),
        scrolled("A late ferry") + f"<main><p>{SENTENCE * 30}</p></main>",
        scrolled("A late ferry").replace("</article><article>", ""),
    ],
    ids=["a front page", "both in the title", "no headlines", "most stands beside", "one article"],
)
def test_several_articles_stay_where_the_page_is_not_one_of_them(html: str) -> None:
    assert all(it.story == LIKELY for it in told(html, PageType.ARTICLE).values())


def test_several_articles_stay_on_other_types_of_pages() -> None:
    found = told(scrolled("A late ferry"), PageType.LISTING)
    assert all(it.story == LIKELY for it in found.values())


@pytest.mark.parametrize(("page_type", "times"), [(PageType.LISTING, 3), (PageType.ARTICLE, 0)])
def test_bylines_of_cards_stay_on_a_list_of_stories(page_type: PageType, times: int) -> None:
    cards = "".join(
        f"<div class='entry'><h2>A late ferry, part {at}</h2><p>By Anna Berg</p>"
        f"<p>{SENTENCE} It was the {at} time this week.</p></div>"
        for at in ("first", "second", "third")
    )
    text = extract_as(cards, None, How(model=_sure_of(page_type))).text
    assert text.count("By Anna Berg") == times


def _sure_of(page_type: PageType) -> PageModel:
    """The shipped model, but that to it all pages are of one type."""
    model = page_model()
    network = model.networks[0]
    matrix, bias = network.whole
    sure = bias + 1000 * (np.array(network.classes) == page_type.value).astype(np.float32)
    return replace(model, networks=(replace(network, whole=(matrix, sure)),))
