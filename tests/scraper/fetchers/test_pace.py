from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError, Reason
from scraper.fetchers.pace import (
    DOWN,
    FIRST_PAUSE,
    Outcome,
    Pace,
    ended,
    gap,
    is_down,
    ready_at,
    started,
)
from scraper.fetchers.retry import LONGEST, PASSING, wait_before
from scraper.fetchers.settings import FetchSettings
from scraper.fetchers.status import read_retry_after

PLAIN = FetchSettings(delay=1.0, max_delay=60.0, max_pause=600.0, per_host=1, retries=2)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

well = Outcome(0.1)
refused = Outcome(0.1, refused=True)
silent = Outcome(30.0, silent=True)


def after(
    outcomes: list[Outcome], settings: FetchSettings = PLAIN, pace: Pace | None = None
) -> tuple[Pace, float]:
    """The pace after these, each begun as soon as it may be; and the time then."""
    now, pace = 1000.0, pace or Pace()
    for it in outcomes:
        at = ready_at(pace, settings)
        assert at is not None
        now = max(now, at)
        pace = started(pace, now, settings)
        now += it.took
        pace = ended(pace, now, it, settings)
    return pace, now


def test_two_starts_are_a_delay_apart() -> None:
    pace = started(Pace(), 100.0, PLAIN)
    assert ready_at(pace, PLAIN) is None
    assert ready_at(ended(pace, 100.2, well, PLAIN), PLAIN) == 101.0


def test_no_more_are_in_flight_than_allowed() -> None:
    two = FetchSettings(per_host=2, delay=0)
    pace = started(started(Pace(), 0.0, two), 0.0, two)
    assert ready_at(pace, two) is None
    assert ready_at(ended(pace, 1.0, well, two), two) is not None


@pytest.mark.parametrize(("asked", "expected"), [(0.0, 1.0), (5.0, 5.0), (3600.0, 60.0)])
def test_crawl_delay_counts_up_to_the_most(asked: float, expected: float) -> None:
    assert gap(Pace(crawl_delay=asked), PLAIN) == expected


def test_a_slow_site_is_asked_less_often_and_a_quick_one_again() -> None:
    slow, _ = after([Outcome(6.0)] * 10)
    assert gap(slow, PLAIN) == pytest.approx(12.0, rel=0.1)
    quick, _ = after([well] * 20, pace=slow)
    assert gap(quick, PLAIN) == 1.0


def test_a_quick_site_is_not_slowed_down() -> None:
    free = FetchSettings(delay=0)
    assert gap(after([Outcome(0.3)] * 10, free)[0], free) == 0


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        (None, FIRST_PAUSE),
        (120.0, 120.0),
        (0.0, 2.0),  # no shorter than the gap, which a refusal doubles
        (365 * 86_400.0, 600.0),
    ],
)
def test_a_refusal_pauses_the_host_for_as_long_as_it_says(said: float | None, pause: float) -> None:
    pace, now = after([Outcome(0.1, refused=True, retry_after=said)])
    at = ready_at(pace, PLAIN)
    assert at is not None
    assert at - now == pytest.approx(pause, abs=1.1)


def test_refusals_in_a_row_pause_longer_up_to_a_cap_and_are_forgiven() -> None:
    one, _ = after([refused])
    five, now = after([refused] * 5)
    assert five.not_before - now > 10 * FIRST_PAUSE
    many, now = after([refused] * 50)
    assert many.not_before - now == PLAIN.max_pause
    assert one.refused == 1
    assert after([well], pace=many)[0].refused == 0
    assert gap(after([well] * 100, pace=many)[0], PLAIN) == 1.0


def test_a_refusal_stretches_the_gap_where_none_was_asked_for() -> None:
    free = FetchSettings(delay=0)
    assert gap(after([refused], free)[0], free) > 0


def test_silence_holds_up_the_host_and_in_the_end_it_is_down() -> None:
    pace, now = after([silent])
    assert pace.not_before > now
    assert not is_down(pace)
    assert is_down(after([silent] * DOWN)[0])
    assert not is_down(after([silent] * (DOWN - 1) + [well, silent])[0])


def test_a_page_that_is_missing_says_nothing_against_its_host() -> None:
    error = FetchError("http://a.test/", Reason.HTTP_4XX, "404")
    error.status = 404
    assert Outcome.of(error, 0.1) == Outcome(0.1)
    error.status = 503
    assert Outcome.of(error, 0.1).refused
    assert Outcome.of(FetchError("http://a.test/", Reason.CONNECT, ""), 1.0).silent


@given(
    st.lists(
        st.builds(
            Outcome,
            st.floats(0, 100),
            st.booleans(),
            st.booleans(),
            st.none() | st.floats(0, 1e12),
        ),
        max_size=40,
    ),
    st.floats(0, 1e6),
)
def test_no_host_is_put_off_for_longer_than_the_caps(
    outcomes: list[Outcome], crawl_delay: float
) -> None:
    pace, now = after(outcomes, pace=Pace(crawl_delay=crawl_delay))
    assert pace.in_flight == 0
    assert pace.not_before - now <= max(PLAIN.max_pause, PLAIN.max_delay) + 1e-6  # rounding
    assert PLAIN.delay <= gap(pace, PLAIN) <= PLAIN.max_delay


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("Mon, 02 Nov 2026 12:02:00 GMT", 120.0),
        ("Monday, 02-Nov-26 12:02:00 GMT", 120.0),
        ("Mon Nov  2 12:02:00 2026", 120.0),
        ("Mon, 02 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 02 Nov 2027 12:00:00 GMT", 365 * 86_400.0),
        ("31536000", 365 * 86_400.0),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("Mon, 99 Nov 2026 12:02:00 GMT", None),
        ("9" * 400, 999999999999.0),
        ("²", None),
    ],
)
def test_retry_after_in_all_its_forms(value: str, seconds: float | None) -> None:
    assert read_retry_after(value, NOON) == seconds


@given(st.text(max_size=50))
def test_no_retry_after_makes_it_raise(value: str) -> None:
    found = read_retry_after(value, NOON)
    assert found is None or found >= 0


# retry


def failed(reason: Reason, retry_after: float | None = None) -> FetchError:
    error = FetchError("http://a.test/", reason, "")
    error.retry_after = retry_after
    return error


@pytest.mark.parametrize("reason", sorted(set(Reason) - PASSING))
def test_what_will_be_the_same_in_a_minute_is_not_tried_again(reason: Reason) -> None:
    assert wait_before(failed(reason), 1, 0.5, PLAIN) is None


@pytest.mark.parametrize("reason", sorted(PASSING))
def test_what_may_pass_is_tried_as_often_as_set(reason: Reason) -> None:
    waits = [wait_before(failed(reason), tries, 0.5, PLAIN) for tries in (1, 2, 3)]
    assert waits == [0.5, 1.0, None]


@given(st.sampled_from(sorted(PASSING)), st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_within_its_bounds(reason: Reason, tries: int, chance: float) -> None:
    many = FetchSettings(retries=1000)
    wait = wait_before(failed(reason), tries, chance, many)
    assert wait is not None
    assert 0 <= wait <= LONGEST


def test_the_wait_comes_after_what_the_server_said_up_to_the_cap() -> None:
    assert wait_before(failed(Reason.HTTP_429, 30.0), 1, 0.5, PLAIN) == 30.5
    assert wait_before(failed(Reason.HTTP_429, 1e9), 1, 0.5, PLAIN) == 600.5
