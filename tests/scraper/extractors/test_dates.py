"""Moments as people write them: read where they are one, unknown where they could be two."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.extractors.metadata.metadata import metadata
from scraper.extractors.metadata.moments import is_likely, labeled_dates, moment


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-05-03", "2024-05-03T00:00:00"),
        ("2024-05-03T15:47", "2024-05-03T15:47:00"),
        ("2024-05-03T15:47:42Z", "2024-05-03T15:47:42+00:00"),
        ("2024-05-03T15:47:42.389000+0200", "2024-05-03T15:47:42.389000+02:00"),
        ("2024-05-03 15:47:42 -05:30", "2024-05-03T15:47:42-05:30"),
        ("2024-5-3T05:07+02", "2024-05-03T05:07:00+02:00"),
        ("20240503", "2024-05-03T00:00:00"),
        ("20240503T154742Z", "2024-05-03T15:47:42+00:00"),
        ("1714751262", "2024-05-03T15:47:42+00:00"),
        ("1714751262000", "2024-05-03T15:47:42+00:00"),
        ("2024/05/03", "2024-05-03T00:00:00"),
        ("Fri, 03 May 2024 15:47:42 +0200", "2024-05-03T15:47:42+02:00"),
        ("May 3, 2024", "2024-05-03T00:00:00"),
        ("Friday, May 3rd, 2024 at 3:47 pm", "2024-05-03T15:47:00"),
        ("3 May 2024", "2024-05-03T00:00:00"),
        ("03.05.2024, 15:47 Uhr", "2024-05-03T15:47:00"),
        ("3. Mai 2024", "2024-05-03T00:00:00"),
        ("3 de mayo de 2024", "2024-05-03T00:00:00"),
        ("le 3 mai 2024 à 15h47", "2024-05-03T15:47:00"),
        ("3 мая 2024", "2024-05-03T00:00:00"),
        ("3 Mayıs 2024", "2024-05-03T00:00:00"),
        ("3 maja 2024 15:47", "2024-05-03T15:47:00"),
        ("2024年5月3日 15:47", "2024-05-03T15:47:00"),
        ("2024년 5월 3일", "2024-05-03T00:00:00"),
        ("25/12/2024", "2024-12-25T00:00:00"),
        ("12/25/2024", "2024-12-25T00:00:00"),
        ("05/05/2024", "2024-05-05T00:00:00"),
    ],
)  # fmt: skip
def test_a_moment_is_read(text: str, iso: str) -> None:
    found = moment(text)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    ["05/03/2024", "yesterday", "3 hours ago", "2024", "May 2024", "2024-13-45", "31 February 2024",
     "May 3", "", "12:30", "v2.10.2024.1", "99999999999999", "0000-00-00", "$2024-05"],
)  # fmt: skip
def test_what_is_none_or_two_is_unknown(text: str) -> None:
    assert moment(text) is None


def test_the_order_may_be_known_from_elsewhere() -> None:
    assert moment("05/03/2024", day_first=True) == datetime(2024, 3, 5)
    assert moment("05/03/2024", day_first=False) == datetime(2024, 5, 3)


@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1)),
    st.none() | st.integers(-12 * 60, 14 * 60),
)
def test_what_python_writes_is_read_back_with_its_zone(when: datetime, zone: int | None) -> None:
    if zone is not None:
        when = when.replace(tzinfo=timezone(timedelta(minutes=zone)))
    assert moment(when.isoformat()) == when
    found = moment(when.isoformat(" ", "seconds"))
    assert found is not None
    assert found.utcoffset() == when.utcoffset()


@given(st.text(max_size=150))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or 1 <= found.year <= 9999


@pytest.mark.parametrize("text", ["9" * 100_000, "may " * 50_000, "1/" * 50_000, "-" * 100_000])
def test_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    moment(text)
    labeled_dates(text[:400])
    assert time.perf_counter() - begun < 0.2


def test_likely_moments() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert is_likely(datetime(2026, 11, 22), now)
    assert not is_likely(datetime(2026, 12, 1), now)
    assert not is_likely(datetime(1970, 1, 1, tzinfo=UTC), now)
    assert not is_likely(datetime(1, 1, 1), now)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("Published May 3, 2024 | Updated: May 4, 2024", ["published", "modified"]),
        ("Updated May 4, 2024", ["modified"]),
        ("Stand: 03.05.2024", ["modified"]),
        ("Erstellt: 03.05.2024 | Aktualisiert: 04.05.2024", ["published", "modified"]),
        ("by Ada Example May 3, 2024", ["published"]),
        ("Member since July 21, 2019", []),
        ("© 2024 The Daily Winnow", []),
    ],
)
def test_published_and_modified_are_told_apart(line: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in labeled_dates(line)] == kinds


ARTICLE = '<meta property="og:type" content="article"><title>River mud</title>'
STORY = "<p>" + "The river rose and fell. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("body", "day", "changed"),
    [
        ("<p>3 May 2024</p>", "2024-05-03", None),
        # What a line is called may stand in the line before, whatever else stands there.
        ("<p>Latest updated</p><p>May 3, 2024</p>", None, "2024-05-03"),
        ("<p>Page last updated:</p><p>May 3, 2024</p>", None, "2024-05-03"),
        ("<p>Date published</p><p>May 3, 2024</p>", "2024-05-03", None),
        # A day that a sentence tells of is the story's matter.
        (
            "<p>The end of the season for most of us is May 3, 2024. If you cannot file before that"
            " day, ask for more time.</p>",
            None,
            None,
        ),
    ],
)
def test_days_that_readers_see(body: str, day: str | None, changed: str | None) -> None:
    page = f"<html><head><title>River mud</title></head><body><h1>River mud</h1>{body}"
    known = metadata(LexborHTMLParser(page), "https://garden.example/notes/mud")
    assert (known.published and known.published.date().isoformat()) == day
    assert (known.modified and known.modified.date().isoformat()) == changed


@pytest.mark.parametrize(
    ("changed", "day"),
    [("2024-05-03T08:10:00Z", None), ("2024-06-01T08:10:00Z", "2024-05-03")],
)
def test_a_lone_day_is_not_that_of_the_last_change(changed: str, day: str | None) -> None:
    head = f'{ARTICLE}<meta property="article:modified_time" content="{changed}">'
    lone = "<time datetime=2024-05-03T08:10:00Z>May 3, 2024</time>"
    page = f"<html><head>{head}</head><body><h1>River mud</h1>{STORY}{STORY}<div>{lone}</div>"
    known = metadata(LexborHTMLParser(page), "https://garden.example/notes/mud")
    assert (known.published and known.published.date().isoformat()) == day
