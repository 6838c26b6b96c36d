"""clean: the whole way, and what hostile text may not do to it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import clean, normalize
from cleaners.blocks import Block, Kind, Markup
from cleaners.clean import clean_blocks
from cleaners.errors import CleanerError, UnreadableText
from cleaners.labels import Label, Vote

STORY = [
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its deck "
    "and a wind from the west that nobody aboard had expected.",
    "By noon the harbor master had closed the pier, and the school bus that meets the ferry waited in the rain for "
    "passengers who did not come before the evening.",
    "“Leave a reply,” she said to the machine, and hung up. Nobody called back on that day, nor on the next, and the "
    "ferry company did not answer questions.",
    "He signed up for the newsletter of the harbor, which comes out when there is news, and there had been none "
    "since the storm of last November.",
]
TEXT = "\n\n".join(STORY)


def test_a_clean_story_comes_back_as_it_was() -> None:
    assert clean(TEXT).text == TEXT
    assert clean(TEXT).removed == ()


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("READ MORE: Storm closes the pier of Oban", Label.RELATED),
        ("Lesen Sie auch: Sturm sperrt die Pier", Label.RELATED),
        ("À lire aussi : La tempête ferme le port", Label.RELATED),
        ("Story continues below advertisement", Label.ADVERT),
        (
            "Sign up for our newsletter to get the news in your inbox every morning.",
            Label.NEWSLETTER,
        ),
    ],
)
def test_residue_between_two_paragraphs_goes_with_its_label(line: str, label: Label) -> None:
    cleaned = clean("\n\n".join([*STORY[:2], line, *STORY[2:]]))
    assert [(it.block.text, it.label) for it in cleaned.removed] == [(line, label)]
    assert cleaned.text == TEXT
    vote = cleaned.removed[0].because
    assert vote.rule.count(".") >= 1
    assert vote.evidence
    assert 0.5 < vote.confidence <= 1


def test_keep_and_drop_change_what_the_labels_do() -> None:
    text = f"{TEXT}\n\nRelated\n\nStorm closes the pier of Oban\n\nLeave a Reply"
    assert Label.COMMENT_FORM in {it.label for it in clean(text).removed}
    kept = clean(text, keep=[Label.COMMENT_FORM])
    assert kept.text.endswith("Leave a Reply")
    assert clean(text, drop=[Label.CONTENT]).text == ""


def test_what_is_kept_and_what_is_removed_is_all_there_was() -> None:
    text = f"Home | News | Sport | Weather\n\n{TEXT}\n\nLeave a Reply"
    cleaned = clean(text)
    parts = sorted((*cleaned.kept, *cleaned.removed), key=lambda it: it.block.index)
    assert "\n\n".join(it.block.text for it in parts) == normalize(text)


def test_lines_that_stood_close_stay_close() -> None:
    poem = (
        "The gulls are in the fields today,\nthe boats are in the bay,\nand nobody has much to say."
    )
    assert (
        clean(f"{STORY[0]}\n\n{poem}\n\n{STORY[1]}").text == f"{STORY[0]}\n\n{poem}\n\n{STORY[1]}"
    )


def test_blocks_with_markup_go_the_same_way_and_votes_from_elsewhere_count() -> None:
    markup = Markup(("body", "article", "p"), 0)
    blocks = [
        Block(at, Kind.PARAGRAPH, it, markup) for at, it in enumerate([*STORY, "Leave a Reply"])
    ]
    vote = Vote(1, Label.ADVERT, "site.advert", 0.999, "div.ad")
    removed = clean_blocks(blocks, rules=(), votes=[vote]).removed
    assert [(it.block.index, it.label) for it in removed] == [
        (1, Label.ADVERT),
        (4, Label.COMMENT_FORM),
    ]


def test_rules_of_ones_own_are_heard() -> None:
    def no_gulls(blocks: object, /) -> list[Vote]:
        return [
            Vote(it.index, Label.LEGAL, "own.gulls", 0.99, "gulls")
            for it in blocks  # type: ignore[attr-defined]
            if "harbor" in it.text
        ]

    assert clean(TEXT, rules=(no_gulls,)).text == STORY[2]


@pytest.mark.parametrize("text", ["", " ", "\n" * 10_000, "\x00", "\u200f\u200f", "\ufeff"])
def test_nothing_in_nothing_out(text: str) -> None:
    assert clean(text).text == ""


def test_a_text_may_begin_with_many_lines_of_signs() -> None:
    assert clean("***\n\n" * 100 + TEXT).text.endswith(TEXT)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80abc", "é".encode("latin-1")])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(UnreadableText, match="UTF-8"):
        clean(content)


@pytest.mark.parametrize("text", ["a" * 5_000_001, "word " * 1_000_001, "a\n" * 25_000_001])
def test_what_is_too_long_is_said_so_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(UnreadableText, match="characters"):
        clean(text)
    assert time.process_time() - start < 10


def test_bytes_that_are_text_are_read() -> None:
    assert clean(b"\xef\xbb\xbf" + TEXT.encode()).text == TEXT


HOSTILE = st.text(
    st.sampled_from("ab Aé.:!?\n\n\t-|#>\u200f\u202e\x00\ud800中文ไคि0129&;<“”»©ßﬁ\u0301🙂"),
    max_size=300,
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(HOSTILE, st.text(max_size=200), st.binary(max_size=100)))
def test_any_input_gives_a_text_or_a_clear_error(content: str | bytes) -> None:
    try:
        cleaned = clean(content)
    except CleanerError:
        return  # any other error fails the test
    cleaned.text.encode("utf-8")
    assert len(cleaned.kept) + len(cleaned.removed) == len(cleaned.blocks)
    assert all(it.because.rule for it in cleaned.blocks)


@pytest.mark.parametrize(
    "unit",
    ["a", "a ", "a\n", "a\n\n", "1 ", "é. ", "中", "Read more\n", "Home | ", "https://a.b/c\n", "\u200f", "x\x00", "“", "- a\n",
     "newsletter ", "Storm closes pier\n"],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    """Eight times the text takes about eight times the time; a square would take 64 times."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            clean(text)
            best = min(best, time.process_time() - start)
        return best

    seconds(1000)
    assert seconds(32_000) < 24 * seconds(4_000) + 0.1


def test_one_good_vote_is_enough_on_blocks_that_a_page_model_has_kept() -> None:
    story = " ".join(["The ferry left the harbor at noon with forty cars on its deck."] * 8)
    blocks = [Block(0, Kind.PARAGRAPH, story), Block(1, Kind.PARAGRAPH, "Storm over Oban")]
    vote = Vote(1, Label.RELATED, "model.page", 0.85, "p=0.85")
    assert [it.label for it in clean_blocks(blocks, votes=[vote], rules=()).removed] == ["related"]
    quiet: tuple[Vote, ...] = ()
    assert not clean_blocks(blocks, votes=quiet, rules=()).removed


def test_what_a_line_says_outweighs_a_page_model_that_has_not_read_it() -> None:
    story = " ".join(["The ferry left the harbor at noon with forty cars on its deck."] * 8)
    lines = [story, "READ MORE: Storm closes the harbor of Oban", "The crew stayed on board."]
    blocks = [Block(at, Kind.PARAGRAPH, line) for at, line in enumerate(lines)]
    votes = [Vote(at, Label.CONTENT, "model.page", 0.98, "p=0.98") for at in range(3)]
    cleaned = clean_blocks(blocks, votes=votes, rules=())
    assert [it.label for it in cleaned.blocks] == ["content", "related", "content"]
    assert cleaned.blocks[0].because.confidence == 0.98


def test_a_bio_is_known_below_a_name_in_a_line_of_its_own() -> None:
    story = [f"The ferry left the harbor at {hour} with forty cars on its deck." for hour in "345"]
    bio = ["About the author", "Mona Berg", "Fond of trains, coffee and music. Writes at night."]
    assert clean("\n\n".join([*story, *bio])).text == "\n\n".join(story)
