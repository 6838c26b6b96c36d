"""Decides when a host may be asked again, from what it has answered so far.

No clock and no waiting in here: times are seconds on whatever clock the caller has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scraper.errors import FetchError, Reason
from scraper.fetchers.settings import FetchSettings
from scraper.fetchers.status import PAUSES

SLOW = 1.0  # seconds; a site that takes longer for an answer is under load, and is given a rest
REST = 2.0  # times the usual answer's time, from one start to the next, for a slow site
FIRST_PAUSE = 10.0  # seconds after a 429 or 503 that named no time, doubled with each in a row
FIRST_SILENCE = 2.0  # seconds after no answer at all, doubled with each in a row
# Answers that did not come in a row, after which a host is taken to be down: with the default
# settings and three tries each, that is about seven addresses.
DOWN = 20

_WEIGHT = 0.25  # of the newest answer in the usual time; about the last seven count
_EASE = 0.9  # with each good answer the stretch shrinks by this
_LEAST_GAP = 0.25  # seconds that a stretch is counted from where no delay was asked for

_SILENT = frozenset(
    {Reason.CONNECT, Reason.DNS, Reason.DEADLINE, Reason.TLS, Reason.TRUNCATED, Reason.PROTOCOL}
)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of one host's patience."""

    not_before: float = 0.0  # the next request starts no earlier
    in_flight: int = 0
    usual: float = 0.0  # seconds for an answer, smoothed; 0 = none has come
    stretch: float = 1.0  # times the gap, since the host has refused us
    refused: int = 0  # 429 and 503 in a row
    silent: int = 0  # no answer, in a row
    crawl_delay: float = 0.0  # seconds that its robots.txt asks for


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one request ended, as far as it tells something about the host."""

    took: float  # seconds
    refused: bool = False  # "not now": 429 and 503
    silent: bool = False  # no answer, or half of one
    retry_after: float | None = None  # seconds

    @classmethod
    def of(cls, error: FetchError | None, took: float) -> Outcome:
        """``error``: None = it went well. What is wrong with a page alone is no fault of the host.

        >>> Outcome.of(FetchError("http://a.test/", Reason.DEADLINE, ""), 30.0).silent
        True
        """
        if error is None:
            return cls(took)
        refused = error.status in PAUSES
        return cls(took, refused, error.reason in _SILENT, error.retry_after)


def gap(pace: Pace, settings: FetchSettings) -> float:
    """Seconds from the start of one request to the start of the next."""
    least = max(settings.delay, pace.crawl_delay)
    if pace.usual > SLOW:
        least = max(least, REST * pace.usual / settings.per_host)
    if pace.stretch > 1:
        least = max(least, _LEAST_GAP) * pace.stretch
    return min(least, max(settings.max_delay, settings.delay))


def ready_at(pace: Pace, settings: FetchSettings) -> float | None:
    """When the next request may start; None while enough are in flight.

    >>> ready_at(started(Pace(), 100.0, FetchSettings(delay=1, per_host=2)), FetchSettings())
    >>> ready_at(Pace(not_before=7.5), FetchSettings())
    7.5
    """
    return pace.not_before if pace.in_flight < settings.per_host else None


def started(pace: Pace, now: float, settings: FetchSettings) -> Pace:
    not_before = max(pace.not_before, now + gap(pace, settings))
    return replace(pace, in_flight=pace.in_flight + 1, not_before=not_before)


def ended(pace: Pace, now: float, outcome: Outcome, settings: FetchSettings) -> Pace:
    """A refusal, or silence, holds up the whole host and not this one request."""
    pace = replace(pace, in_flight=max(0, pace.in_flight - 1))
    if outcome.refused:
        count = pace.refused + 1
        asked = outcome.retry_after
        wait = _doubled(FIRST_PAUSE, count) if asked is None else asked
        until = now + min(max(wait, gap(pace, settings)), settings.max_pause)
        stretch = min(pace.stretch * 2, max(1.0, settings.max_delay / _LEAST_GAP))
        return replace(pace, refused=count, stretch=stretch, not_before=max(pace.not_before, until))
    if outcome.silent:
        count = pace.silent + 1
        until = now + min(_doubled(FIRST_SILENCE, count), settings.max_delay)
        return replace(pace, silent=count, not_before=max(pace.not_before, until))
    usual = pace.usual + _WEIGHT * (outcome.took - pace.usual) if pace.usual else outcome.took
    stretch = max(1.0, pace.stretch * _EASE)
    return replace(pace, usual=usual, stretch=stretch, refused=0, silent=0)


def is_down(pace: Pace) -> bool:
    return pace.silent >= DOWN


def _doubled(first: float, count: int) -> float:
    return first * 2.0 ** min(count - 1, 20)
