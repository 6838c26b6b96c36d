"""Rules on head and tail: headline, its repetition, breadcrumb, copies."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.edges import edge_votes
from cleaners.boilerplate.looks import look
from cleaners.labels import Label
from cleaners.text.segment import segment

STORY = (
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its "
    "deck and a wind from the west that nobody aboard had expected."
)
OTHER = (
    "By noon the harbor master had closed the pier, and the school bus that meets the ferry waited in the "
    "rain for passengers who did not come before the evening."
)


def labels(text: str, title: str | None = None) -> dict[int, Label]:
    return {it.block: it.label for it in edge_votes(look(segment(text)), title)}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["Storm closes the pier of Oban"], ["headline"]),
        (["Storm closes the pier of Oban"] * 2, ["headline", "repeated_headline"]),
        (
            ["Home News Storm closes the pier of Oban", *["Storm closes the pier of Oban"] * 2],
            ["breadcrumb", "headline", "repeated_headline"],
        ),
        (
            ["News » Scotland » Storm closes the pier of Oban", "Storm closes the pier of Oban"],
            ["breadcrumb", "headline"],
        ),
        (["Home / News / Scotland", "Storm closes the pier of Oban"], ["breadcrumb", "headline"]),
        (["Strona główna › Kraj", "Sztorm zamyka molo w Oban"], ["breadcrumb", "headline"]),
        (["Trang chủ » Bão đóng cửa bến", "Bão đóng cửa bến tàu Oban"], ["breadcrumb", "headline"]),
        (["Home - a pier closes, and a town waits"], ["headline"]),
        (["Weather | Ferries", "Storm closes the pier of Oban"], [None, "headline"]),
        (["14/02/2024 08:10", "Storm closes the pier of Oban"], [None, "headline"]),
        (
            ["Storm closes the pier of Oban | The Daily Ferry", "Storm closes the pier of Oban"],
            ["repeated_headline", "headline"],
        ),
        (
            ["Startseite › Sturm sperrt die Pier", "Sturm sperrt die Pier"],
            ["breadcrumb", "headline"],
        ),
        (["ホーム › 台風が港を閉鎖した", "台風が港を閉鎖した"], ["breadcrumb", "headline"]),
    ],
)
def test_heads(head: list[str], expected: list[str | None]) -> None:
    found = labels("\n\n".join([*head, STORY, OTHER]))
    assert [found.get(at) for at in range(len(head))] == expected
    assert len(found) == len(head) - expected.count(None)


def test_the_title_tells_the_headline_where_the_first_line_does_not() -> None:
    text = f"Scotland today\n\nStorm closes the pier\n\n{STORY}\n\nStorm closes the pier\n\n{OTHER}"
    assert labels(text, "Storm closes the pier") == {1: Label.HEADLINE, 3: Label.REPEATED_HEADLINE}


def test_a_section_heading_that_begins_like_the_headline_stays() -> None:
    text = f"Storm closes the pier of Oban\n\n{STORY}\n\nStorm damage\n\n{OTHER}"
    assert labels(text) == {0: Label.HEADLINE}


def test_a_paragraph_told_twice_goes_once_and_a_refrain_stays() -> None:
    text = f"{STORY}\n\n{OTHER}\n\nAnd the bell rang.\n\n{STORY}\n\nAnd the bell rang."
    assert labels(text) == {3: Label.REPEATED}


@pytest.mark.parametrize(
    "trail",
    [
        "You are here: Home > News > Coast",
        "Sie sind hier: Startseite » Küste",
        "当前位置：首页 > 新闻",
    ],
)
def test_a_trail_may_say_where_the_reader_is(trail: str) -> None:
    text = f"{trail}\n\nStorm closes the pier of Oban\n\n{STORY}\n\n{OTHER}"
    assert labels(text) == {0: Label.BREADCRUMB, 1: Label.HEADLINE}


def test_a_colon_in_a_headline_leads_to_no_home() -> None:
    text = f"Storm: Harbor > Home Office says who pays\n\n{STORY}\n\n{OTHER}"
    assert labels(text) == {0: Label.HEADLINE}
