"""What a page says about its article, on every page of our world and where pages are wrong."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.charset import as_utf8
from scraper.extractors.metadata.metadata import Metadata, metadata
from scraper.extractors.wall import what_it_is

SITES = Path(__file__).parents[3] / "fixtures" / "sites"
GOLD = [json.loads(it) for it in (SITES / "gold.jsonl").read_text("utf-8").splitlines()]
NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://news.example/2024/05/03/river"


def of(head: str, body: str = "<h1>River rises</h1>", url: str | None = URL) -> Metadata:
    return metadata(LexborHTMLParser(f"<html><head>{head}</head><body>{body}"), url, now=NOW)


def ld(**article: object) -> str:
    said = {"@context": "https://schema.org", "@type": "NewsArticle", **article}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def found_in_the_world() -> list[tuple[dict[str, object], Metadata]]:
    found = []
    for gold in GOLD:
        path = SITES / gold["host"] / gold["path"].lstrip("/")
        here = (path, path.with_name(f"{path.name}.html"), path / "index.html")
        whole = next((it for it in here if it.is_file()), None)
        if whole and gold["host"] != "oddments.example.test":
            tree = LexborHTMLParser(as_utf8(whole.read_bytes())[0])
            found.append((gold, metadata(tree, gold["url"], now=NOW)))
    return found


def test_the_world() -> None:
    """The pages are ours, so nearly all must be right; what is not is a desk or a nickname."""
    pages = found_in_the_world()
    assert len(pages) > 100
    for gold, known in pages:
        assert known.title == gold["title"], gold["url"]
        assert known.language is not None, gold["url"]
        assert known.language.split("-")[0] == str(gold["language"]).split("-")[0], gold["url"]
        invented = set(known.authors) - set(gold["authors"])  # type: ignore[call-overload]
        # Where only an agency signs, it is the author too.
        invented -= {known.agency}
        assert not invented or gold["host"] == "countyecho.example.test", gold["url"]
    dated = [(gold, known) for gold, known in pages if gold["published"]]
    right = sum(
        known.published is not None
        and known.published.date().isoformat() == str(gold["published"])[:10]
        for gold, known in dated
    )
    assert right >= 0.97 * len(dated)


def test_every_value_tells_where_it_came_from() -> None:
    for _, known in found_in_the_world():
        for name in ("title", "authors", "published", "modified", "language", "site", "section"):
            assert bool(getattr(known, name)) == (name in known.origins), name


def test_what_json_ld_says() -> None:
    known = of(
        ld(
            headline="River rises",
            author=[{"@type": "Person", "name": "Ada Example"}, {"name": "Reuters"}],
            datePublished="2024-05-03T15:47:42+02:00",
            dateModified="2024-05-04T10:00:00Z",
            publisher={"@type": "Organization", "name": "The Daily Winnow"},
            isAccessibleForFree="False",
            articleSection="City",
            keywords=["rain", "river"],
            license="https://creativecommons.org/licenses/by/4.0/",
            image={"url": "/river.jpg"},
        )
    )
    assert known.authors == ("Ada Example",)
    assert known.agency == "Reuters"
    assert known.published is not None
    assert known.published.isoformat() == "2024-05-03T15:47:42+02:00"
    assert known.modified == datetime(2024, 5, 4, 10, tzinfo=UTC)
    assert known.site == "The Daily Winnow"
    assert known.paywalled is True
    assert (known.section, known.tags) == ("City", ("rain", "river"))
    assert known.license == "https://creativecommons.org/licenses/by/4.0/"
    assert known.main_image == "https://news.example/river.jpg"
    assert known.origins["published"] == "json-ld datePublished"


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type":"Article","headline":"River rises","author":"Ada Example"} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"River\nrises","author":"Ada Example"}\n//]]>',
        '{"@type":"Article","headline":"River rises","author":"Ada Example",}',
        '{"@graph":[{"@type":"WebPage"},{"@type":["Article"],"author":{"@id":"#a"}},'
        '{"@id":"#a","@type":"Person","name":"Ada Example"}]}',
        '[[{"@type":"http://schema.org/NewsArticle","author":[["Ada Example"]]}]]',
        '{"@type":"Article","author":"Ada Example"};',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","author":{"name":"Ada Example"}}}',
        '{"@type":"Article","author":{"@type":"Person","givenName":"Ada","familyName":"Example"}}',
    ],
)
def test_json_ld_is_read_however_broken(text: str) -> None:
    known = of(f'<script type="application/ld+json">{text}</script>')
    assert known.authors == ("Ada Example",)


def test_of_several_articles_the_one_at_this_address_speaks() -> None:
    other = {
        "@type": "NewsArticle",
        "headline": "Other",
        "author": "Cy Other",
        "url": "https://news.example/x",
    }
    own = {"@type": "NewsArticle", "headline": "River rises", "author": "Ada Example", "url": URL}
    assert of(
        ld(**{"@type": "X"})
        + f'<script type="application/ld+json">{json.dumps([other, own])}</script>'
    ).authors == ("Ada Example",)
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    assert of(f'<script type="application/ld+json">{json.dumps(listed)}</script>').authors == ()


@pytest.mark.parametrize(
    ("said", "people", "agency"),
    [
        ("By Ada Example", ("Ada Example",), None),
        ("Von Ada Example und Bo Sample", ("Ada Example", "Bo Sample"), None),
        ("ADA EXAMPLE, BO SAMPLE", ("ADA EXAMPLE", "BO SAMPLE"), None),
        ("Ada Example, Berlin", ("Ada Example",), None),
        ("Ada Example, MD, PhD", ("Ada Example",), None),
        ("Ada Example | The Texas Newsroom", ("Ada Example",), None),
        ("Example, Ada", (), None),
        ("By Staff", (), None),
        ("The Daily Winnow", (), None),
        ("news.example", (), None),
        ("AFP", ("AFP",), "AFP"),
        ("The Associated Press", ("The Associated Press",), "AP"),
        ("Ada Example, dpa", ("Ada Example",), "dpa"),
        ("dpa/AFP", ("dpa/AFP",), "dpa"),
        ("admin", (), None),
        ("https://news.example/author/ada", (), None),
        ("ada@news.example", (), None),
        ("Redaktion", (), None),
        ("Sportredaktion", (), None),
        ("みなと新聞編集部", (), None),
        ("디지털뉴스팀", (), None),
        ("Équipe éditoriale", (), None),
        ("박준석 기자", ("박준석",), None),
        ("María José de la Cruz y Ortega Gómez", ("María José de la Cruz", "Ortega Gómez"), None),
    ],
)
def test_authors_are_people(said: str, people: tuple[str, ...], agency: str | None) -> None:
    known = of(
        f'<meta property="og:site_name" content="Daily Winnow"><meta name="author" content="{said}">'
    )
    if said == "Example, Ada":
        people = ("Ada Example",)
    assert known.authors == people
    assert known.agency == agency


@pytest.mark.parametrize(
    ("body", "authors", "day"),
    [
        (
            "<h1>River rises</h1><p>By Ada Example</p><p>May 3, 2024</p>",
            ("Ada Example",),
            "2024-05-03",
        ),
        (
            "<h1>River rises</h1><p class=byline>Ada Example · 3 May 2024</p>",
            ("Ada Example",),
            "2024-05-03",
        ),
        (
            "<div><time datetime='2024-05-02'>May 2</time><h1>River rises</h1></div>",
            (),
            "2024-05-02",
        ),
        ("<h1>River rises</h1><p>Updated: May 9, 2024</p>", (), "2024-05-03"),
        ("<h1>River rises</h1><p>Read more</p>", (), "2024-05-03"),
        (
            "<h1>River rises</h1><p>Published May 2, 2024 by Ada Example</p>",
            ("Ada Example",),
            "2024-05-02",
        ),
        (
            "<h1>River rises</h1><p>By Ada Example ⋅ River Editor ⋅ May 2, 2024</p>",
            ("Ada Example",),
            "2024-05-02",
        ),
        # Roles stand beside a name in texts of their own; what is joined is a name too.
        (
            "<h1>River rises</h1><div class=author>Written by: <a>Ada Example</a>"
            "<i>Gardener &amp; Astrologer</i></div>",
            ("Ada Example",),
            "2024-05-03",
        ),
        (
            "<h1>River rises</h1><div class=author>By <a>Ada Example</a> and <a>Bo Sample</a></div>",
            ("Ada Example", "Bo Sample"),
            "2024-05-03",
        ),
        # A name alone is one where a day stands near it, and not where none does.
        (
            "<h1>River rises</h1><p>Ada Example</p><p>Chief gardener</p><p>May 2, 2024</p>",
            ("Ada Example",),
            "2024-05-02",
        ),
        ("<h1>River rises</h1><p>Ada Example</p><p>Chief gardener</p>", (), "2024-05-03"),
        ("<h1>River rises</h1><p>Updated on</p><p>May 9, 2024</p>", (), "2024-05-03"),
    ],
)
def test_what_only_readers_see(body: str, authors: tuple[str, ...], day: str) -> None:
    known = of("<title>River rises</title>", body)
    assert known.authors == authors
    assert known.published is not None
    assert known.published.date().isoformat() == day


def test_the_fuller_of_two_lists_of_authors_is_believed() -> None:
    metas = "".join(
        f'<meta name="citation_author" content="{it}">' for it in ("Ada Example", "Bo Sample")
    )
    known = of('<meta name="author" content="Ada Example">' + metas)
    assert known.authors == ("Ada Example", "Bo Sample")
    assert known.origins["authors"] == "meta citation_author"
    # Others that a page has linked are no authors of this story.
    linked = "<h1>River rises</h1><a rel=author>Ada Example</a> <a rel=author>Cy Other</a>"
    assert of('<meta name="author" content="Ada Example">', linked).authors == ("Ada Example",)


def test_a_login_gives_way_to_the_name_that_readers_see() -> None:
    body = "<h1>River rises</h1><p>By Ada Example</p>"
    assert of(ld(author={"name": "ada.example"}), body).authors == ("Ada Example",)
    assert of(ld(author={"name": "ada.example"})).authors == ("ada.example",)


def test_the_authors_of_comments_are_not_the_story_s() -> None:
    post = "<div itemprop={0}><b itemprop=author itemscope><i itemprop=name>{1}</i></b></div>"
    body = post.format("text", "Ada Example") + post.format("comment", "Cy Other")
    assert of("", f"<h1>River rises</h1>{body}").authors == ("Ada Example",)


@pytest.mark.parametrize("url", ["https://news.example/", None])
def test_a_front_page_and_a_shop_have_no_author_and_no_day(url: str | None) -> None:
    body = "<h1>River rises</h1><p>By Ada Example</p><p>May 3, 2024</p>"
    head = "" if url else '<meta property="og:type" content="product">'
    known = of(head, body, url)
    assert known.authors == ()
    assert known.published is None


@pytest.mark.parametrize(
    "value", ["1970-01-01T00:00:00Z", "2030-01-01", "0001-01-01", "soon", "{{date}}"]
)
def test_a_moment_that_cannot_be_is_passed_over(value: str) -> None:
    head = f'<meta property="article:published_time" content="{value}">'
    assert of(head, url="https://news.example/river").published is None
    later = f'{head}<meta name="date" content="2024-05-01">'
    known = of(later, url="https://news.example/river")
    assert known.published == datetime(2024, 5, 1)


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        # A blog's page that was dated anew shows the day that it came out.
        (
            '<meta property="article:published_time" content="2024-05-01T08:00:00Z">',
            "<h1>River rises</h1><p>March 2, 2021</p>",
            "2021-03-02",
        ),
        # A later day beside it is of something else.
        (
            '<meta property="article:published_time" content="2024-05-01T08:00:00Z">',
            "<h1>River rises</h1><p>May 9, 2024</p>",
            "2024-05-01",
        ),
        # A newsroom's own word is not doubted.
        (ld(datePublished="2024-05-01"), "<h1>River rises</h1><p>March 2, 2021</p>", "2024-05-01"),
        ('<meta name="citation_publication_date" content="2023 Jan 7">', "", "2023-01-07"),
        # Far from the headline, one day alone is believed of a story; two are not, nor an update.
        ('<meta property="og:type" content="article">', "<i class=post-date>Jan 7, 2023</i>",
         "2023-01-07"),
        ('<meta property="og:type" content="article">',
         "<i class=post-date>Jan 7, 2023</i><i class=post-date>Jan 8, 2023</i>", None),
        ('<meta property="og:type" content="article">', "<p>Updated <time>Jan 7, 2023</time></p>",
         None),
        ("", "<i class=post-date>Jan 7, 2023</i>", None),
    ],
)  # fmt: skip
def test_days_that_disagree(head: str, body: str, day: str | None) -> None:
    known = of(head, body, "https://news.example/river")
    assert (known.published.date().isoformat() if known.published else None) == day


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://news.example/", {"@type": "WebPage"}),
        ("https://news.example/boat", {"@type": "Product", "name": "Boat"}),
    ],
)
def test_front_pages_and_goods_have_no_day_whatever_they_say(
    url: str, said: dict[str, str]
) -> None:
    head = '<meta property="article:published_time" content="2024-05-01T08:00:00Z">'
    assert of(head + ld(**said), url=url).published is None


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ('<meta property="og:site_name" content="Daily Winnow">', "Daily Winnow"),
        ('<meta property="og:site_name" content="https://www.news.example">', None),
        ("<title>River rises | News</title>", "News"),
        ("<title>River rises | Weather</title>", None),
    ],
)
def test_the_site_has_a_name_and_no_address(head: str, site: str | None) -> None:
    assert of(head).site == site


@pytest.mark.parametrize(
    ("steps", "section"),
    [
        (["Home", "City", "River rises"], "City"),
        (["Start", "News", "City", "Floods", "River rises"], "City"),
        (["Home", "City", "Why the river Leie rises so fast in May"], "City"),
        (["Home", "River rises"], None),
        (["Home"], None),
        ([], None),
    ],
)
def test_a_breadcrumb_tells_the_section(steps: list[str], section: str | None) -> None:
    items = [
        {"@type": "ListItem", "position": n, "item": {"@id": f"/{n}", "name": it}}
        for n, it in enumerate(steps, 1)
    ]
    trail = {"@type": "BreadcrumbList", "itemListElement": items}
    head = f'<script type="application/ld+json">{json.dumps(trail)}</script>'
    assert of(head + "<title>River rises</title>").section == section
    assert of(head + ld(articleSection="Weather")).section == "Weather"


def test_titles() -> None:
    site = '<meta property="og:site_name" content="The Daily Winnow">'
    said = '<meta property="og:title" content="River rises | Daily Winnow">'
    assert of(site + said).title == "River rises"
    assert of("<title>River rises - news.example</title>", "").title == "River rises"
    assert of("", "<h1>River rises</h1>").title == "River rises"
    assert of("<title>Best river rises of 2024: all you need</title>").title == "River rises"
    assert of("", "<p>x</p>").title is None


def test_a_newsroom_is_believed_what_it_tells_other_sites() -> None:
    told = '<meta property="og:title" content="Leie rises after a week of rain">'
    window = "<title>River news: what to know about the flood in Ghent</title>"
    body = "<h1>River news: what to know about the flood in Ghent</h1>"
    known = of(
        ld(headline="River news: what to know about the flood in Ghent") + told + window, body
    )
    assert (known.title, known.origins["title"]) == (
        "Leie rises after a week of rain",
        "meta og:title",
    )


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("", "<h1>River rises ¶</h1>", "River rises"),
        ("<title>Itâs raining | news.example</title>", "", "It’s raining"),
        # A heading that is another thing's, and one that is the site's own name.
        ("<title>Leie rises after a week of rain - news.example</title>", "<h1>Log in</h1>", "Leie rises after a week of rain"),
        (
            '<meta property="og:site_name" content="Daily Winnow">'
            '<meta property="og:title" content="Daily Winnow">',
            "<h1>River rises</h1>",
            "River rises",
        ),
        # A short word of the window's title is no headline because it stands alone before a seam.
        ("<title>Rain - why the river Leie rises so fast in May</title>", "",
         "Rain - why the river Leie rises so fast in May"),
        # The issue of a letter is part of its headline, though the letter's name is in it.
        (
            '<meta property="og:site_name" content="Winnow Letter">'
            '<meta property="og:title" content="Winnow Letter #18 – The river rises again">',
            "<h1>Winnow Letter #18 – The river rises again</h1>",
            "Winnow Letter #18 – The river rises again",
        ),
        # A site is called by the words of its host; and by a heading that leads home.
        ("<title>Why does the river rise? | News Example</title>", "",
         "Why does the river rise?"),
        ("<title>Mud and Water Notes: Small adventures with the river</title>",
         "<h1><a href='https://news.example/'>Mud and Water Notes</a></h1>",
         "Small adventures with the river"),
    ],
)  # fmt: skip
def test_titles_in_strange_places(head: str, body: str, title: str) -> None:
    assert of(head, body).title == title


def test_a_template_that_says_english_is_overruled_by_the_text() -> None:
    text = "<p>Der Stadtrat hat am Montag über den Haushalt des kommenden Jahres beraten.</p>" * 4
    page = f"<html lang=en><body>{text}"
    known = metadata(LexborHTMLParser(page))
    assert (known.language, known.origins["language"]) == ("de", "text")


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "headline",
                "author",
                "datePublished",
                "keywords",
                "image",
                "@graph",
                "@id",
                "publisher",
                "isAccessibleForFree",
            ]
        ),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text(max_size=20),
            lambda it: (
                st.lists(it, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["@id", "@type", "name", "url", "@value"]), it, max_size=3
                )
            ),
            max_leaves=8,
        ),
    )
)
@settings(max_examples=150, deadline=None)
def test_any_json_ld_is_survived(article: dict[str, object]) -> None:
    said = json.dumps({"@type": "NewsArticle", **article}).replace("<", "\\u003c")
    known = of(f'<script type="application/ld+json">{said}</script>')
    assert isinstance(known.authors, tuple)


@pytest.mark.parametrize(
    "page",
    [
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">' + '{"@graph":' * 20_000 + "</script>",
        '<script type="application/ld+json">' + json.dumps([{"@type": "Article", "headline": "x"}] * 60_000) + "</script>",
        '<meta name="author" content="x">' * 60_000,
        f'<meta name="author" content="{"By a, and " * 100_000}">',
        "<h1>x</h1>" * 30_000,
        f"<h1>{'River rises ' * 50_000}</h1><title>{'River falls ' * 50_000}</title>",
        "<h1>x</h1>" + "<time datetime=2024>x</time>" * 50_000,
        "<a rel=author>Ada Example</a>" * 50_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_no_page_takes_long(page: str) -> None:
    tree = LexborHTMLParser(page)
    begun = time.process_time()
    metadata(tree, URL, now=NOW)
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize(
    ("head", "body", "paywalled"),
    [
        (ld(isAccessibleForFree=True), "<div class=paywall>Subscribe to continue</div>", False),
        (ld(isAccessibleForFree="http://schema.org/False"), "", True),
        ('<meta property="article:content_tier" content="locked">', "", True),
        ('<meta property="article:content_tier" content="metered">', "", False),
        ("", "<div class='x Paywall'>Already a subscriber? Log in</div>", True),
        ("", "<div class=paywall></div>", None),
        ("", f"<div class=paywall><p>{'The story itself, for all to read. ' * 40}</p></div>", None),
        ("", "<p>Subscribe to continue reading our newsletter</p>", None),
    ],
)
def test_a_paywall_is_told_by_what_the_page_says(
    head: str, body: str, paywalled: bool | None
) -> None:
    known = of(head, f"<h1>River rises</h1>{body}")
    assert known.paywalled is paywalled
    assert ("paywalled" in known.origins) == (paywalled is not None)


@pytest.mark.parametrize(
    "address", ["http://[x", "http://a:b:c/", "//", "http://\x00/", "::", "http://[::1"]
)
def test_an_address_that_is_none_harms_nothing(address: str) -> None:
    head = f'<link rel=canonical href="{address}"><meta property="og:url" content="{address}">'
    for url in (address, None):
        known = of(head + ld(url=address, headline="River rises", image=address), url=url)
        assert known.title == "River rises"
        what_it_is(LexborHTMLParser(f"<head>{head}</head><h1>x</h1>"), url=url)
