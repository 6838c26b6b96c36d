"""Rules on the form of one block: what they see, and what only looks like it."""

from __future__ import annotations

import pytest

from cleaners.boilerplate.looks import look
from cleaners.boilerplate.shape import CONFIDENCE, shape_votes
from cleaners.text.segment import segment

STORY = (
    "The ferry left the harbor of Oban at half past six in the morning, an hour late, with forty cars on its "
    "deck and a wind from the west that nobody aboard had expected."
)


def seen(line: str, *, after: str = STORY) -> set[str]:
    return {it.rule for it in shape_votes(look(segment(f"{line}\n\n{after}"))) if it.block == 0}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Facebook Twitter WhatsApp E-Mail", "shape.share-bar"),
        ("Share Facebook X LinkedIn Copy link", "shape.share-bar"),
        ("Home | News | Sport | Weather", "shape.menu-line"),
        ("Startseite · Politik · Sport · Kultur · Reise", "shape.menu-line"),
        ("12.05.2024 14:30", "shape.stamp"),
        ("2024-05-12", "shape.stamp"),
        ("E-Mail *", "shape.required-field"),
        ("2024年3月2日 8時05分", "shape.stamp"),
        ("Thứ Hai, 6/11/2023 09:00 (GMT+7)", "shape.stamp"),
        ("(adsbygoogle = window.adsbygoogle || []).push({});", "shape.script"),
        ("googletag.cmd.push(function() { googletag.display('top'); });", "shape.script"),
        ("12 May 2024, 10:30", "shape.stamp"),
        ("© 2024 The Daily Ferry", "shape.rights"),
        ("Copyright 2023 Ferry Media", "shape.rights"),
        ("-", "shape.nothing-said"),
        ("»|", "shape.nothing-said"),
    ],
)
def test_is_seen(line: str, rule: str) -> None:
    assert rule in seen(line)
    assert 0.5 < CONFIDENCE[rule] < 1


@pytest.mark.parametrize(
    "line",
    [
        "Facebook and Twitter were named in the lawsuit that the state filed on Monday.",
        "Google",
        "12 people were hurt in 2024.",
        "| 12.05.2024 | 14:30 | Oban |",
        "Copyright law was the matter of the day in parliament, where members of four parties spoke for "
        "hours about what a library may lend and what it may not, and the minister listened to all of it, "
        "and then said that nothing had been decided, and went home by the last train of the day.",
        "Copyright complexity in a fragmented world",
        "(415) 358-2000",
        "1 – 0 · 2 – 1 · 3 – 1 · 4 – 1",
        "Anna | Ben",
        "* * *",
        "***",
    ],
)
def test_is_not_seen(line: str) -> None:
    assert seen(line) == set()


def test_a_list_of_dates_is_no_stamp() -> None:
    dates = "\n".join(f"{day}.05.2024" for day in range(10, 20))
    assert not [
        it for it in shape_votes(look(segment(f"{dates}\n\n{STORY}"))) if it.rule == "shape.stamp"
    ]


def test_days_with_a_sentence_under_them_are_a_chronicle() -> None:
    tail = ["The roof gives way.", "22 March 2024", "The report names a kettle."]
    more = ["4 April 2024", "The maker of the kettle disputes it."]

    def stamps(lines: list[str]) -> list[int]:
        looks = look(segment("\n\n".join([STORY, *lines])))
        return [it.block for it in shape_votes(looks) if it.rule == "shape.stamp"]

    assert stamps([*tail, *more]) == []
    assert stamps(tail) == [2]


def test_a_time_inside_the_story_is_no_stamp() -> None:
    text = f"{STORY}\n\n12.05.2024 14:30\n\n{STORY}"
    assert not [it for it in shape_votes(look(segment(text))) if it.rule == "shape.stamp"]
