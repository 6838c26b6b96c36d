"""Who wrote it: bylines in several languages, sites called like their author, and nobody at all."""

from __future__ import annotations

import json
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.given_names import has_given_name
from scraper.extractors.metadata.metadata import Metadata, metadata

URL = "https://garden.example/notes/river-mud"
STORY = '<meta property="og:type" content="article"><title>River mud</title>'


def of(head: str, body: str, url: str = URL) -> Metadata:
    return metadata(LexborHTMLParser(f"<html><head>{head}</head><body>{body}"), url)


def ld(**article: object) -> str:
    said = {"@context": "https://schema.org", "@type": "Article", **article}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        # Elements part what is before a name, the name, and what is after it.
        ("<p>By <a>A. J. Example</a> View in print</p>", ("A. J. Example",)),
        ("<p>Von <a>Jürgen Beispiel</a> und <a>Grete Muster</a> Kommentar</p>",
         ("Jürgen Beispiel", "Grete Muster")),
        ("<p>Par <b>Chloé Exemple</b> et <b>Luc Modèle</b></p>", ("Chloé Exemple", "Luc Modèle")),
        ("<p>Por <b>Íñigo Muestra</b> Madrid</p>", ("Íñigo Muestra",)),
        # What is before the name may stand in a line of its own.
        ("<p>Written by</p><p>Eliza - Product gardener</p>", ("Eliza",)),
        ("<p>Author:</p><p>Ada Example</p>", ("Ada Example",)),
        ("<div>Autor</div><div>Ondřej Vzor</div>", ("Ondřej Vzor",)),
        # Who read it or changed it did not write it.
        ("<p>Reviewed by Ada Example</p>", ()),
        ("<p>Medically reviewed by <a>Ada Example</a></p>", ()),
        # A name among roles in the line of the day.
        ("<p>Ada Example | Senior gardener | July 2, 2025</p>", ("Ada Example",)),
        ("<p>Garden Tips | July 2, 2025</p>", ()),
        # What nothing marks is a name only where it begins with one that we know.
        ("<p>Indoor Plants</p><p>July 2, 2025</p>", ()),
        ("<p>Tomáš Vzor</p><p>July 2, 2025</p>", ("Tomáš Vzor",)),
        ("<p class=byline>Facebook X WhatsApp</p>", ()),
        # One word is a name where an element says so and we know it.
        ("<p class=author>Kristina</p>", ("Kristina",)),
        ("<p class=author>Gardening</p>", ()),
        ("<p class=author>Ada (Addie) Example</p>", ("Ada (Addie) Example",)),
        ("<p class=author>Ada Example (Ghent)</p>", ("Ada Example",)),
        ("<p>By <a>Ada Example</a>, Winnow Columnist</p>", ("Ada Example",)),
        ("<p class=author>Photo: Ada Example</p>", ()),
    ],
)  # fmt: skip
def test_bylines(below: str, authors: tuple[str, ...]) -> None:
    assert of("<title>River mud</title>", f"<h1>River mud</h1>{below}").authors == authors


@pytest.mark.parametrize(
    ("site", "authors"),
    [("Ada Example", ("Ada Example",)), ("Quiet Light", ()), ("River Dental Care", ())],
)
def test_a_site_called_like_a_person_is_theirs(site: str, authors: tuple[str, ...]) -> None:
    head = f'<meta property="og:site_name" content="{site}"><meta name="author" content="{site}">'
    assert of(head, "<h1>River mud</h1>").authors == authors


def test_a_byline_tells_more_than_who_put_it_online() -> None:
    body = "<h1>River mud</h1><p>By: <b>Ada Example</b></p>"
    known = of(ld(author={"name": "Cy Other"}), body)
    assert known.authors == ("Ada Example",)
    assert known.origins["authors"] == "byline"
    # A newsroom's fields are kept by its editors, and name all who wrote.
    news = ld(author=[{"name": "Cy Other"}], **{"@type": "NewsArticle"})
    assert of(news, body).authors == ("Cy Other",)
    # A byline that names fewer of the same takes none away.
    both = ld(author=[{"name": "Ada Example"}, {"name": "Bo Sample"}])
    assert of(both, body).authors == ("Ada Example", "Bo Sample")


def test_a_name_below_the_story_counts_where_it_is_the_only_one() -> None:
    signed = "<h1>River mud</h1><p>{0}</p><p>{0}</p><div class=post-author-name>Ada Example</div>"
    text = "The river rose and fell. " * 20
    assert of(STORY, signed.format(text)).authors == ("Ada Example",)
    assert of(STORY, signed.format(text)).origins["authors"] == "a lone author"
    written = (
        f"<h1>River mud</h1><p>{text}</p><p>{text}</p><p>Written by Ada Example and Bo Sample</p>"
    )
    assert of(STORY, written).authors == ("Ada Example", "Bo Sample")
    inside = "<div class=author-info><i class=name>Ada Example</i><p>Ada grows moss on the banks of the river, and writes of it.</p></div>"
    assert of(STORY, f"<h1>River mud</h1><p>{text}</p><p>{text}</p>{inside}").authors == (
        "Ada Example",
    )
    other = signed.format(text) + "<div class=card-author>Bo Sample</div>"
    assert of(STORY, other).authors == ()
    assert of("<title>River mud</title>", signed.format(text)).authors == ()


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        (["Example, Ada B."], ("Ada B. Example",)),
        (["Example, Ada", "Sample, Bo"], ("Ada Example", "Bo Sample")),
        (["Ada Example", "Bo Sample"], ("Ada Example", "Bo Sample")),
    ],
)
def test_libraries_write_the_last_name_first(said: list[str], authors: tuple[str, ...]) -> None:
    head = "".join(f'<meta name="citation_author" content="{it}">' for it in said)
    assert of(head, "<h1>River mud</h1>").authors == authors


def test_of_several_headings_the_one_most_like_the_title_has_the_byline() -> None:
    body = (
        "<div><h1>Winnow Magazine of Rivers and Their Banks</h1></div>"
        "<main><h1>All about mud</h1><p>By <a>Ada Example</a></p></main>"
        "<div><h1>More from the long and winding river</h1><p>By <a>Cy Other</a></p></div>"
    )
    head = '<meta property="og:title" content="Mud: all you need about it">'
    assert of(head, body).authors == ("Ada Example",)


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("Dr. Jürgen Beispiel", True),
        ("Łukasz Vzor", True),
        ("Jean-Luc Exemple", True),
        ("Ada", False),
        ("Indoor Plants", False),
        ("", False),
        ("Ada of all the long long names", False),
    ],
)
def test_given_names(name: str, is_so: bool) -> None:
    assert has_given_name(name) is is_so


@pytest.mark.parametrize(
    "body",
    [
        "<div class=name>" * 10_000,
        "<div class='author name'>" * 10_000,
        "<div class=author>" * 10_000 + "<i class=name>" * 10_000,
        "<p>By Ada Example" * 20_000,
        "<h1>" + "<a href=/>River</a>" * 20_000 + "</h1>",
    ],
)
def test_signed_places_without_end_take_no_time(body: str) -> None:
    tree = LexborHTMLParser(f"<html><head>{STORY}</head><body><h1>River mud</h1>{body}")
    start = time.process_time()
    metadata(tree, URL)
    assert time.process_time() - start < 1.0
