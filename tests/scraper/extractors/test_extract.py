"""The whole way: what comes out of a page, what is left out, and with which label."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.boilerplate.network import mean_logits
from cleaners.errors import BadData
from cleaners.labels import Label
from scraper.article import PageType
from scraper.errors import ExtractError
from scraper.extractors.extract import How, extract, extract_as
from scraper.extractors.frames import frames_closed
from scraper.extractors.model.choose import BETA, Focus, choose, without_repeats
from scraper.extractors.model.features import names
from scraper.extractors.model.page_model import page_model, read
from scraper.extractors.site.profile import SiteProfile, learned, load, save

SENTENCES = [
    f"On the {day} day of the flood the {place} was under water and {count} families had to leave."
    for day, place, count in (
        ("first", "old market", "forty"), ("second", "railway station", "ninety"),
        ("third", "lower school", "seven hundred"), ("fourth", "northern bridge", "two thousand"),
        ("fifth", "cathedral square", "some"), ("sixth", "river park", "no more"),
    )
]  # fmt: skip
PAGE = f"""<html lang=en><head><title>Flood in Ghent - The Leie Post</title></head><body>
<header class=site-header><nav class=main-menu><ul><li><a href=/>Home</a><li><a href=/news>News</a>
<li><a href=/sport>Sport</a></ul></nav></header>
<main><article><h1>Flood in Ghent</h1>
{"".join(f"<p>{it}</p>" for it in SENTENCES)}
<div class="share-bar"><a href=#>Facebook</a> <a href=#>WhatsApp</a></div></article>
<aside class="related-articles"><h3>Related articles</h3><ul><li><a href=/a>Dikes hold in Bruges</a>
<li><a href=/b>Minister visits the coast</a></ul></aside>
<section class="comments" id="comments"><h3>2 comments</h3><div class="comment-body"><p>We were there
and it was much worse than you write here, honestly.</p></div>
<form class="comment-form"><label>Name</label><button>Post comment</button></form></section></main>
<footer class=site-footer><p>© 2026 The Leie Post. All rights reserved.</p></footer></body></html>"""


def test_the_story_is_kept_and_the_rest_is_there_with_its_label() -> None:
    article = extract(PAGE, "https://leie.example/flood")
    for sentence in SENTENCES:
        assert sentence in article.text
    for line in (
        "Facebook",
        "Dikes hold",
        "All rights reserved",
        "Sport",
        "Post comment",
        "honestly",
    ):
        assert line not in article.text
    label = {it.block.text: it.label for it in article.body.blocks}
    assert label["Facebook WhatsApp"] is Label.SHARING
    assert label["Dikes hold in Bruges"] is Label.RELATED
    assert label["Sport"] is Label.NAVIGATION
    assert label["© 2026 The Leie Post. All rights reserved."] in {Label.LEGAL, Label.FOOTER}
    assert [it.block.text[:7] for it in article.comments][-1:] == ["We were"]
    assert article.page_type is PageType.ARTICLE


def test_every_block_has_a_rule_and_evidence() -> None:
    for it in extract(PAGE).body.blocks:
        assert it.because.rule
        assert it.because.evidence
        assert 0 <= it.because.confidence <= 1


def test_bytes_and_text_come_to_the_same() -> None:
    assert extract(PAGE.encode("utf-16")).text == extract(PAGE).text


def test_what_a_page_shows_twice_is_read_once() -> None:
    twice = PAGE.replace("</article>", "".join(f"<p>{it}</p>" for it in SENTENCES) + "</article>")
    article = extract(twice)
    assert all(article.text.count(it) == 1 for it in SENTENCES)
    assert sum(it.label is Label.REPEATED for it in article.body.blocks) == len(SENTENCES)


def test_a_story_in_noscript_is_found() -> None:
    page = PAGE.replace("<article>", "<article><noscript>").replace(
        "</article>", "</noscript></article>"
    )
    assert SENTENCES[2] in extract(page).text


@pytest.mark.parametrize(
    ("script", "origin"),
    [
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "articleBody": "STORY"}</script>',
            "json-ld",
        ),
        (
            '<script id="__NEXT_DATA__">{"props": {"page": {"text": ["STORY", "no"]}}}</script>',
            "state",
        ),
    ],
)
def test_a_story_that_only_a_script_holds_is_found(script: str, origin: str) -> None:
    page = f"<body><div id=root>Loading</div>{script.replace('STORY', ' '.join(SENTENCES))}</body>"
    article = extract(page)
    assert SENTENCES[3] in article.text
    assert article.origins["body"] == origin
    assert [it.block.text for it in article.body.removed] == ["Loading"]


def test_html_in_a_script_is_read_block_by_block() -> None:
    story = " ".join(f"<p>{it[:9]}<b>{it[9:20]}</b>{it[20:]}</p>$$ARTICLEAD$$" for it in SENTENCES)
    picture = "<figure><img src=a.jpg><figcaption>The quay of Oban at noon</figcaption></figure>"
    for written in (f"{picture}{story}", escape(f"{picture}{story}")):
        state = json.dumps({"props": {"page": {"body": written}}})
        article = extract(f"<div id=root></div><script id=__NEXT_DATA__>{state}</script>")
        assert article.text.split("\n\n") == list(SENTENCES)


@pytest.mark.parametrize(
    "paragraph",
    [
        lambda text: {"kind": "p", "data": {"text": text}},
        lambda text: {"_type": "block", "children": [{"_type": "span", "text": text}]},
        lambda text: {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": text[:12]},
                {"type": "link", "content": [{"type": "text", "text": text[12:20]}]},
                {"type": "text", "text": text[20:]},
            ],
        },
        lambda text: {"type": "p", "children": [{"text": text[:9]}, {"text": text[9:], "b": True}]},
        lambda text: {"type": "text", "text": text},
    ],
)
def test_a_story_in_the_blocks_of_an_editor_keeps_its_short_paragraphs(
    paragraph: Callable[[str], object],
) -> None:
    story = [SENTENCES[0], "Nobody was hurt.", *SENTENCES[1:]]
    teasers = [{"summary": f"{it} More in our report of the week."} for it in SENTENCES[:2]]
    state = {"post": {"body": list(map(paragraph, story))}, "more": teasers}
    for script in (json.dumps(state), f"window.__STATE__ = {json.dumps(state)};"):
        article = extract(f"<div id=root></div><script>{script}</script>")
        assert article.text.split("\n\n") == story
        assert article.origins["body"] == "state"


def test_a_story_without_spaces_is_found_in_a_script() -> None:
    story = "町の南を流れる川の水位は午前六時に四メートルを超え、九十世帯が小学校に避難した。"
    state = json.dumps({"post": {"body": [f"{it}日目、{story}" for it in range(6)]}})
    article = extract(f"<div id=root></div><script>{state}</script>")
    assert article.text.count(story) == 6


def test_a_page_that_shows_more_than_its_scripts_say_is_read_as_it_is_shown() -> None:
    notice = "Visitors are asked to use the entrance on the quay while the bridge is mended. "
    links = "".join(f"<li><a href=/{it}>Bridge {it} over the Leie</a></li>" for it in range(40))
    page = (
        f"<nav><ul>{links}</ul></nav><main><h1>Bridges of Ghent</h1><p>There are forty bridges.</p>"
        f'</main><script>window.notes = ["{notice * 3}"]</script>'
    )
    assert extract(page).origins["body"] == "body"
    # The same script, where next to nothing is shown, holds the story.
    assert extract(page.replace(links, "")).origins["body"] == "state"


def test_focus_moves_the_line() -> None:
    length = {
        focus: len(extract(PAGE, focus=focus).text) for focus in ("precision", "balanced", "recall")
    }
    assert length["precision"] <= length["balanced"] <= length["recall"]


def test_trafilatura_gives_the_same_kind_of_article() -> None:
    article = extract(PAGE, engine="trafilatura")
    assert SENTENCES[1] in article.text
    assert "Dikes hold" not in article.text
    assert len(article.body.blocks) == len(extract(PAGE).body.blocks)
    assert {it.because.rule for it in article.body.kept} == {"engine.trafilatura"}


def test_what_returns_on_every_page_of_a_site_counts_for_less(tmp_path: Path) -> None:
    pages = [["Weather warning for all of Flanders", f"Story {number}"] for number in range(6)]
    profile = learned(SiteProfile(), pages)
    save(profile, tmp_path / "leie.json")
    assert load(tmp_path / "leie.json") == profile
    odds = profile.odds(["Weather  warning for all of FLANDERS", "Story 3", "Story 9"])
    assert odds[0] < 1
    assert odds[1:].tolist() == [1, 1]
    assert SENTENCES[0] in extract(PAGE, profile=profile).text
    (tmp_path / "bad.json").write_text('{"format": 1, "pages": "many"}')
    with pytest.raises(BadData):
        load(tmp_path / "bad.json")


def test_the_shipped_model_knows_the_features_that_it_is_given() -> None:
    model = page_model()
    assert model.networks[0].features == names()
    assert model.networks[0].classes == tuple(it.value for it in PageType)


def test_what_stands_on_one_path_is_kept_or_left_together() -> None:
    model = page_model()
    inputs = np.random.default_rng(1).normal(0, 1, (40, len(names()))).astype(np.float32)
    path = [at for at, name in enumerate(names()) if name.startswith("path.")]
    inputs[:, path] = np.where(np.arange(40)[:, None] % 2, 1.0, 2.0)
    alone = mean_logits(model.networks, inputs)[0][:, 0]
    odds = read(model, inputs).story
    found = (np.log(odds / (1 - odds)) - model.shift) * model.temperature
    for of_path in (slice(0, None, 2), slice(1, None, 2)):
        assert found[of_path].mean() == pytest.approx(alone[of_path].mean(), abs=1e-3)
        assert np.ptp(found[of_path]) < 0.6 * np.ptp(alone[of_path])


def test_a_broken_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadData):
        page_model(tmp_path)


PROBABILITY = st.floats(0.001, 0.999)


@given(
    st.lists(st.tuples(PROBABILITY, st.floats(0.5, 200)), min_size=1, max_size=9),
    st.sampled_from(list(BETA)),
)
def test_the_chosen_set_is_the_best_of_all_sets(
    page: list[tuple[float, float]], focus: Focus
) -> None:
    story, weight = (np.array(it) for it in zip(*page, strict=True))
    chosen = choose(story, weight, focus)
    recall = BETA[focus] ** 2

    def measure(is_in: np.ndarray) -> float:
        return (
            (1 + recall)
            * float((story * weight)[is_in].sum())
            / float(weight[is_in].sum() + recall * (story * weight).sum())
        )

    best = max(
        measure(np.array([bool(number >> it & 1) for it in range(len(page))]))
        for number in range(1, 1 << len(page))
    )
    assert measure(chosen) == pytest.approx(best)


@given(
    st.lists(
        st.sampled_from(["a b c d e f g h i j k l", "a b c d e f g h i j k l m", "x y", "字" * 30])
    )
)
def test_repeats_leave_the_first_of_each(texts: list[str]) -> None:
    kept = without_repeats(texts, np.ones(len(texts), dtype=np.bool_))
    said: set[str] = set()
    for text, is_kept in zip(texts, kept.tolist(), strict=True):
        if text not in said and text[0] in "x字":
            assert is_kept
        if text in said and len(text) >= 20:
            assert not is_kept
        said.add(text)


def test_nothing_kept_is_an_error() -> None:
    with pytest.raises(ExtractError):
        extract("<p> </p><script>1</script>")


def test_the_header_says_what_the_bytes_do_not() -> None:
    page = "<p>" + "Вчера в городе шёл дождь, и река поднялась на полметра к полудню. " * 5
    how = How(content_type="text/html; charset=koi8-r")
    assert "шёл дождь" in extract_as(page.encode("koi8-r"), None, how).text


def test_a_frame_that_closes_itself_does_not_swallow_the_page() -> None:
    story = "".join(
        f"<p>The ferry was late for the {it} time, and the mayor asked why.</p>"
        for it in ("first", "second", "third", "fourth")
    )
    page = f"<noscript><iframe src='https://a.example/ns'/></noscript><article>{story}</article>"
    assert "the fourth time" in extract(page).text


def test_frames_left_open_by_the_thousand_take_no_longer_than_others() -> None:
    page = b"<iframe " * 200_000
    start = process_time()
    assert frames_closed(page) == page
    assert process_time() - start < 1
