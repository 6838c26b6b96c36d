"""The view of a page in a real browser: what it shows, by keyboard, on paper, and against a hostile page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaners.blocks import Block, Kind, Markup
from cleaners.labels import Cleaned, Label, Labeled, Vote
from scraper.article import Article
from scraper.corpus.rows import ArticleRow, Removed, row
from scraper.extractors.extract import extract
from scraper.extractors.read import HowToRead
from scraper.fetchers.files import read_file
from scraper.views.inspection import inspect_page
from scraper.views.page_view import MOST, page_view
from scraper.views.pieces import of_article, of_row
from tests.scraper.views.test_html import Read

HOSTILE = Path(__file__).with_name("hostile.html")


def labeled(
    index: int, text: str, label: Label, kind: Kind = Kind.PARAGRAPH, *others: Vote
) -> Labeled:
    path = ("body", "div.main", f"div.{label.value}", "p")
    block = Block(index, kind, text, Markup(path, 0))
    return Labeled(block, Vote(index, label, f"test.{label.value}", 0.9, f"saw {text[:9]}"), others)


ARTICLE = Article(
    Cleaned(
        (
            labeled(0, "Home", Label.NAVIGATION),
            labeled(1, "News", Label.NAVIGATION),
            labeled(2, "Sport", Label.NAVIGATION),
            labeled(3, "Rain in Ghent", Label.HEADLINE, Kind.HEADING),
            labeled(
                4,
                "It rained all day.",
                Label.CONTENT,
                Kind.PARAGRAPH,
                Vote(4, Label.ADVERT, "test.other", 0.31, "two cents"),
            ),
            labeled(5, "Subscribe to us", Label.NEWSLETTER),
            labeled(6, "It went on raining.", Label.CONTENT),
        )
    ),
    url="http://news.example/rain",
    title="Rain in Ghent",
    language="en",
    origins={"title": "meta og:title"},
)


@pytest.fixture
def view(tmp_path: Path) -> Path:
    path = tmp_path / "rain.html"
    path.write_text(page_view(of_article(ARTICLE)), "utf-8")
    return path


def texts(found: Any) -> list[str]:
    return [it.strip() for it in found.all_inner_texts()]


def test_blocks_stand_in_their_order_and_what_was_removed_is_folded(view: Path, look: Any) -> None:
    seen = look(view)
    order = seen.tab.locator(".blocks > .block").evaluate_all(
        "them => them.map(it => [it.tagName, it.open ?? null, it.className.includes('kept')])"
    )
    assert order == [
        ["DETAILS", False, False],  # three of navigation in one
        ["DIV", None, True],
        ["DIV", None, True],
        ["DETAILS", False, False],
        ["DIV", None, True],
    ]
    assert "7 words kept" not in seen.tab.locator(".sums").inner_text()
    assert "11 words kept in 3 blocks" in seen.tab.locator(".sums").inner_text()
    assert "6 words removed in 4 blocks" in seen.tab.locator(".sums").inner_text()
    seen.assert_quiet(view)


def test_folding_works_by_keyboard_and_tells_rule_confidence_and_evidence(
    view: Path, look: Any
) -> None:
    seen = look(view)
    block = seen.tab.locator("#b5")
    assert not block.locator(".text").is_visible()
    block.locator("summary").first.focus()
    seen.tab.keyboard.press("Enter")
    assert block.locator(".text").is_visible()
    said = block.inner_text()
    for it in ("Subscribe to us", "test.newsletter", "0.90", "saw Subscribe"):
        assert it in said
    assert 'keep = ["div.newsletter"]' in said
    seen.tab.keyboard.press("Enter")
    assert not block.locator(".text").is_visible()
    seen.assert_quiet(view)


def test_a_kept_block_tells_who_voted_and_what_the_others_said(view: Path, look: Any) -> None:
    seen = look(view)
    block = seen.tab.locator("#b4")
    why = seen.tab.get_by_role("group").filter(has_text="Why this is kept")
    assert why.count() >= 1
    block.locator(".why > summary").focus()
    seen.tab.keyboard.press("Space")
    said = block.inner_text()
    for it in ("test.content", "test.other", "0.31", "two cents", 'drop.advert = ["div.content"]'):
        assert it in said
    # A click into the text does the same.
    block.locator("p").first.click()
    assert not block.locator(".panel").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_label_is_hidden_by_keyboard_with_and_without_scripts(
    view: Path, look: Any, script: bool
) -> None:
    seen = look(view, script=script)
    box = seen.tab.get_by_role("checkbox", name="newsletter")
    assert seen.tab.locator("#b5").is_visible()
    box.focus()
    seen.tab.keyboard.press("Space")
    assert not box.is_checked()
    assert not seen.tab.locator("#b5").is_visible()
    assert seen.tab.locator("#b4").is_visible()
    seen.tab.keyboard.press("Space")
    assert seen.tab.locator("#b5").is_visible()


def test_every_filter_is_reached_with_the_tab_key_in_a_row(view: Path, look: Any) -> None:
    seen = look(view)
    names = []
    for _ in range(12):
        seen.tab.keyboard.press("Tab")
        names.append(
            seen.tab.evaluate("document.activeElement.id || document.activeElement.className")
        )
    assert names[0] == "skip"
    assert [it for it in names if it.startswith("show-")] == [
        "show-kept-content",
        "show-kept-headline",
        "show-gone-navigation",
        "show-gone-newsletter",
    ]


def test_all_is_unfolded_and_folded_at_once(view: Path, look: Any) -> None:
    seen = look(view)
    seen.tab.get_by_role("button", name="Unfold all").press("Enter")
    assert seen.tab.locator("#b0 .text").is_visible()
    assert "unfolded" in (seen.tab.locator("#said").text_content() or "")
    seen.tab.get_by_role("button", name="Fold all", exact=True).press("Enter")
    assert not seen.tab.locator("#b0").is_visible()


def test_on_paper_everything_is_there_and_nothing_to_press(view: Path, look: Any) -> None:
    seen = look(view)
    seen.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.tab.emulate_media(media="print")
    assert seen.tab.locator("#b0 .text").is_visible()
    assert seen.tab.locator("#b0 .brief").inner_text() == "test.navigation · 0.90 · saw Home"
    assert not seen.tab.locator("#b0 .panel").is_visible()
    assert seen.tab.locator("#b4 p").first.is_visible()
    assert seen.tab.locator("button:visible").count() == 0
    seen.tab.emulate_media(media="screen")
    seen.tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not seen.tab.locator("#b0").is_visible()


def test_what_is_known_stands_beside_with_its_origin(view: Path, look: Any) -> None:
    seen = look(view)
    about = seen.tab.get_by_role("complementary", name="What is known about the page")
    assert "from meta og:title" in about.inner_text()


def test_the_line_of_a_correction_is_copied_or_marked(view: Path, look: Any) -> None:
    seen = look(view)
    seen.tab.locator("#b5 summary").first.click()
    seen.tab.locator("#b5 [data-copy]").first.click()
    seen.tab.wait_for_function("document.getElementById('said').textContent !== ''")
    said = seen.tab.locator("#said").text_content() or ""
    assert said.startswith(("Copied: keep", "The line is marked"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(view: Path, look: Any, width: int, scheme: str) -> None:
    seen = look(view, width=width, scheme=scheme)
    seen.tab.get_by_role("button", name="Unfold all").click()
    assert seen.tab.evaluate("document.documentElement.scrollWidth") <= width


# A hostile page


def test_the_hostile_page_is_one(look: Any) -> None:
    """Opened as it is, it does what the view must not let it do."""
    seen = look(HOSTILE)
    seen.tab.wait_for_timeout(300)
    assert any("owned" in it for it in seen.messages)
    assert any("127.0.0.1:9" in it for it in seen.requests)


def test_a_hostile_page_runs_nothing_and_asks_for_nothing(tmp_path: Path, look: Any) -> None:
    path = tmp_path / "view.html"
    page = read_file(HOSTILE, "http://evil.example.test/ferry")
    path.write_text(inspect_page(page, HowToRead()), "utf-8")
    seen = look(path)
    seen.tab.get_by_role("button", name="Unfold all").click()
    seen.tab.get_by_label("both").check()
    frame = seen.tab.frame_locator("iframe")
    frame.locator(".w").first.wait_for()
    for it in frame.locator(".w").all()[:12]:
        it.click()
    seen.tab.wait_for_timeout(300)
    assert "owned" not in (seen.tab.title() or "").split("script")[0]
    seen.assert_quiet(path)
    assert seen.tab.url == path.as_uri()
    # The story is there, with the script that a reader would have seen as text.
    assert "The ferry left the harbor" in seen.tab.locator(".blocks").inner_text()
    assert (
        '</iframe><script>console.log("owned text")</script>' in frame.locator("body").inner_text()
    )


def test_the_frame_allows_nothing_at_all(tmp_path: Path, look: Any) -> None:
    path = tmp_path / "view.html"
    path.write_text(inspect_page(read_file(HOSTILE), HowToRead()), "utf-8")
    seen = look(path)
    frame = seen.tab.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    inside = frame.get_attribute("srcdoc") or ""
    assert "default-src 'none'" in inside
    read = Read(inside.split("</style></head>", 1)[1])
    assert not {"script", "style", "iframe", "form", "input", "svg", "a", "link"} & set(read.tags)
    assert {name for name, _ in read.attributes} <= {
        "class", "id", "tabindex", "title", "data-label", "data-why",
    }  # fmt: skip


def test_every_word_of_the_page_stands_in_the_frame_under_its_label() -> None:
    from scraper.extractors.harmless import harmless

    html = HOSTILE.read_bytes()
    article = extract(html, "http://evil.example.test/ferry")
    shown = harmless(html, article.body, "")
    for it in article.body.blocks:
        assert f'id="b{it.block.index}"' in shown
        assert f"l-{it.label.value}" in shown


def test_a_page_with_a_frame_that_closes_itself_is_shown_as_it_was_read() -> None:
    from scraper.extractors.harmless import harmless

    story = "".join(
        f"<p>The ferry was late for the {it}th time, and nobody asked.</p>" for it in "4567"
    )
    html = f"<body><noscript><iframe src=a /></noscript><article>{story}</article></body>"
    body = extract(html).body
    shown = harmless(html, body, "")
    assert len(body.blocks) == 4
    for it in body.blocks:
        assert f'id="b{it.block.index}"' in shown


def test_deep_nesting_is_flattened_and_a_long_page_is_cut() -> None:
    from scraper.extractors.harmless import DEEPEST, LONGEST, harmless

    empty = Cleaned(())
    deep = "<div>" * 400 + "deep words here" + "</div>" * 400
    shown = harmless(deep, empty, "")
    assert shown.count("<div>") == shown.count("</div>") <= DEEPEST
    assert "deep words here" in shown
    long = harmless("<p>" + "many words " * (LONGEST // 8), empty, "")
    assert len(long) < LONGEST + 10_000
    assert "left out" in long


# An article of a job, which is a row


def test_a_row_shows_what_was_removed_where_it_stood() -> None:
    shown = of_row(row(ARTICLE))
    assert [(it.text, it.is_kept) for it in shown.pieces] == [
        ("Home", False),
        ("News", False),
        ("Sport", False),
        ("Rain in Ghent", True),
        ("It rained all day.", True),
        ("Subscribe to us", False),
        ("It went on raining.", True),
    ]
    assert shown.notes == ()


def test_a_row_without_places_says_so() -> None:
    old = ArticleRow(
        "1", "http://a/", "One.\n\nTwo.", removed=(Removed("advert", "r", 0.9, "e", "Buy"),)
    )
    shown = of_row(old)
    assert [it.text for it in shown.pieces] == ["One.", "Two.", "Buy"]
    assert "does not say where 1" in shown.notes[0]
    assert "does not say where 1" in page_view(shown)


def test_of_very_many_blocks_the_first_are_shown() -> None:
    many = Cleaned(tuple(labeled(n, f"Line {n}", Label.NAVIGATION) for n in range(MOST + 7)))
    html = page_view(of_article(Article(many)))
    assert "7 more are left out" in html
    assert f"Line {MOST - 1}<" in html
    assert f"Line {MOST}<" not in html


def test_what_the_site_rules_drop_is_no_use_to_keep() -> None:
    block = Block(0, Kind.PARAGRAPH, "Buy", Markup(("body", "div.promo"), 0))
    dropped = Labeled(block, Vote(0, Label.ADVERT, "site.drop", 1.0, "div.promo"))
    html = page_view(of_article(Article(Cleaned((dropped,)))))
    assert "take out div.promo there" in html
    assert "keep = [" not in html
