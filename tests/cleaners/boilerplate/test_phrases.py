"""Every row of every phrase file hits its hits, misses its misses, and is spent once."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from cleaners.blocks import Block, Kind
from cleaners.boilerplate.looks import look
from cleaners.boilerplate.phrase_book import (
    BOOK,
    PhraseBook,
    as_json,
    compile_phrases,
    phrase_book,
    read_book,
    stamp,
)
from cleaners.boilerplate.phrase_rows import PHRASES, Phrase, Where, load_phrases, phrases_in
from cleaners.boilerplate.phrases import find_phrases, phrase_votes
from cleaners.errors import BadData
from cleaners.labels import Label
from cleaners.text.fold import fold
from cleaners.text.normalize import normalize
from cleaners.text.segment import segment

ROWS = load_phrases()
RETIRED = PHRASES.parent / "retired.toml"


def hit(text: str, rows: list[Phrase] | None = None) -> set[str]:
    return hit_in(compile_phrases(rows) if rows is not None else phrase_book(), text)


def hit_in(book: PhraseBook, text: str) -> set[str]:
    looks = look([Block(0, Kind.PARAGRAPH, normalize(text))])
    return {it.phrase.id for it in find_phrases(looks, book)}


def phrase(where: Where, *written: str, **more: object) -> Phrase:
    return Phrase("a.b.en", Label.RELATED, where, written, 0.9, (), (), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROWS, ids=lambda it: it.id)
def test_a_row_hits_its_hits_and_misses_its_misses(row: Phrase) -> None:
    assert row.hits
    assert [it for it in row.hits if row.id not in hit(it, [row])] == []
    assert [it for it in row.misses if row.id in hit(it, [row])] == []


def test_ids_are_unique_and_none_is_retired() -> None:
    retired = set(tomllib.loads(RETIRED.read_text("utf-8"))["ids"])
    counted = Counter(it.id for it in ROWS)
    assert [it for it, n in counted.items() if n > 1] == []
    assert retired & set(counted) == set()


def test_a_confidence_is_a_precision() -> None:
    assert [it.id for it in ROWS if not 0.5 <= it.confidence <= 0.995] == []


def test_every_wording_has_words() -> None:
    assert [(it.id, way) for it in ROWS for way in it.any if not fold(way)] == []


@pytest.mark.parametrize(
    ("row", "text", "is_hit"),
    [
        (phrase(Where.WHOLE, "Read more"), "READ  MORE…", True),
        (phrase(Where.WHOLE, "Read more"), "Read more about it", False),
        (phrase(Where.START, "Read more"), "Read more about it", True),
        (phrase(Where.START, "Read more"), "They read more", False),
        (phrase(Where.END, "Read more"), "About the storm: read more", True),
        (phrase(Where.END, "Read more"), "Read more about it", False),
        (phrase(Where.ANYWHERE, "sign up"), "Please sign up here", True),
        (phrase(Where.ANYWHERE, "sign up"), "A sign went up", False),
        (phrase(Where.START, "{n} comments"), "17 Comments", True),
        (phrase(Where.START, "{n} comments"), "Seventeen comments", False),
        (phrase(Where.END, "{n} min read"), "The storm 4 min read", True),
        (phrase(Where.START, "댓글 {n}개"), "댓글 17개", True),
        (phrase(Where.START, "댓글 {n}개"), "댓글 17 개", True),
        (phrase(Where.START, "댓글 {n}개"), "댓글 열개", False),
        (phrase(Where.ANYWHERE, "조회 {n}회"), "오늘 조회 3회 기록", True),
        (phrase(Where.WHOLE, "{n}条评论"), "17条评论", True),
        (phrase(Where.END, "{n}분 전"), "3분 전", True),
        (phrase(Where.START, "相关阅读"), "相关阅读：台风登陆", True),
        (phrase(Where.ANYWHERE, "点击关注"), "请点击关注我们", True),
        (phrase(Where.START, "อ่านเพิ่มเติม"), "อ่านเพิ่มเติม: พายุเข้า", True),
        (phrase(Where.START, "À lire aussi"), "A LIRE AUSSI La grève", True),
        (phrase(Where.START, "Don't miss"), "Don’t miss this", True),
        (phrase(Where.START, "Read", punct=":"), "Read: Storm hits", True),
        (phrase(Where.START, "Read", punct=":"), "Read the small print", False),
        (phrase(Where.START, "Lire aussi", punct=":"), "Lire aussi : la grève", True),
        (phrase(Where.START, "Read", upper=True), "READ Storm hits", True),
        (phrase(Where.START, "Read", upper=True), "Read Storm hits", False),
        (phrase(Where.START, "Related", heading=True), "Related stories", True),
        (phrase(Where.START, "Related", heading=True), "Related stories follow.", False),
        (phrase(Where.START, "Read more", max_words=4), "Read more about it here", False),
        (phrase(Where.START, "阅读更多", max_words=4), "阅读更多新闻", True),
        (phrase(Where.START, "阅读更多", max_words=4), "阅读更多新闻请关注我们", False),
    ],
)
def test_a_row_narrows(row: Phrase, text: str, is_hit: bool) -> None:
    assert bool(hit(text, [row])) is is_hit


STORY = (
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its "
    "deck and a wind from the west that nobody aboard had expected."
)


@pytest.mark.parametrize(
    ("line", "is_sure"),
    [
        ("Sign up for our newsletter and get the news of the islands every day.", True),
        ("“Sign up for our newsletter” was the line that she hated most of all.", False),
        ("„Wir verwenden Cookies“, begann die Richterin, und der ganze Saal lachte laut.", False),
        ("Wir verwenden Cookies, um „Inhalte“ und Werbung zu personalisieren, und mehr.", True),
        ("Services", False),
    ],
)
def test_a_phrase_in_quotation_marks_or_at_the_head_of_a_part_is_not_sure(
    line: str, is_sure: bool
) -> None:
    looks = look(segment("\n\n".join([STORY, line, STORY])))
    votes = [it for it in phrase_votes(looks, find_phrases(looks, phrase_book())) if it.block == 1]
    assert any(it.confidence > 0.85 for it in votes) is is_sure


def test_numbers_do_not_make_the_search_explode() -> None:
    row = phrase(Where.ANYWHERE, " ".join(["{n}"] * 12 + ["end"]), " ".join(["1"] * 12 + ["stop"]))
    assert hit("1 " * 3000, [row]) == set()


@pytest.mark.parametrize(
    "content",
    [
        'id = "',
        '[[phrase]]\nid = "a.b.en"\nlabel = "related"\nwhere = "start"\nany = ["x"]',
        '[[phrase]]\nid = "a.b.en"\nlabel = "advice"\nwhere = "start"\nany = ["x"]\nconfidence = 0.9',
        '[[phrase]]\nid = "a.b.en"\nlabel = "related"\nwhere = "middle"\nany = ["x"]\nconfidence = 0.9',
        '[[phrase]]\nid = "a.b.en"\nlabel = "related"\nwhere = "end"\nany = "x"\nconfidence = 0.9',
        '[[phrase]]\nid = "a.b.en"\nlabel = "related"\nwhere = "end"\nany = ["x"]\nconfidence = 0.9\nsure = 1',
    ],
)
def test_a_bad_file_is_named_with_its_row(tmp_path: Path, content: str) -> None:
    path = tmp_path / "en.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(BadData, match=r"en\.toml"):
        phrases_in(path)


def test_the_book_that_comes_along_is_that_of_the_phrase_files() -> None:
    # Written by ``python -m training.phrase_book``.
    assert BOOK.read_text("utf-8") == as_json(compile_phrases(ROWS), stamp())


def test_a_book_of_other_phrases_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "phrases.json"
    path.write_text(
        as_json(compile_phrases([phrase(Where.START, "Read more")]), "made of"), "utf-8"
    )
    assert read_book(path, "other files") is None
    found = read_book(path, "made of")
    assert found is not None
    assert hit_in(found, "Read more: storm") == {"a.b.en"}
    assert read_book(tmp_path / "none.json", "made of") is None


def test_a_book_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "phrases.json"
    for content in ("", "[]", '{"stamp": "1"}', '{"stamp": "1", "rows": [[1]]}'):
        path.write_text(content, "utf-8")
        with pytest.raises(BadData, match=r"phrases\.json"):
            read_book(path, "1")
