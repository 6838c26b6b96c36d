"""Every address is handed out once, and no host faster than its pace; on a clock made of numbers."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import Reason
from scraper.fetchers.pace import DOWN, Outcome
from scraper.fetchers.settings import FetchSettings
from scraper.jobs.frontier import AHEAD, STORED, Frontier
from scraper.jobs.ledger import Ledger
from scraper.jobs.state import Found, Settled, State


def fill(ledger: Ledger, counts: dict[str, int]) -> None:
    ledger.add(Found(f"http://{host}/{n}", "", host) for host, many in counts.items() for n in range(many))


def run(ledger: Ledger, frontier: Frontier, fails: frozenset[int] = frozenset()) -> list[tuple[float, str, int]]:
    """Visit everything, each visit 0.1 s long; what is in ``fails`` fails at its first try."""
    now, visits, flying = 0.0, [], []  # type: ignore[var-annotated]
    while True:
        while (address := frontier.take(now)) is not None:
            visits.append((now, address.host, address.id))
            flying.append((now + 0.1, address))
        if not flying and frontier.is_done:
            return visits
        times = [it for it in (frontier.next_due(), flying[0][0] if flying else None) if it is not None]
        now = max(now, min(times))
        while flying and flying[0][0] <= now:
            _, address = flying.pop(0)
            frontier.answered(address.host, now, Outcome(0.1))
            if address.id in fails and not address.tries:
                ledger.try_later(address, now + 5, Reason.HTTP_5XX, "503")
                frontier.left(address, now, again_at=now + 5)
            else:
                ledger.settle([Settled(address, State.FAILED, Reason.HTTP_4XX)])
                frontier.left(address, now)


@settings(max_examples=25, deadline=None)
@given(
    counts=st.dictionaries(st.sampled_from([*"abcdefghij", STORED]), st.integers(1, 2 * AHEAD + 5), min_size=1),
    concurrency=st.integers(1, 3),
    fails=st.frozensets(st.integers(1, 60), max_size=10),
)
def test_every_address_is_visited_and_no_host_too_often(
    tmp_path_factory, counts: dict[str, int], concurrency: int, fails: frozenset[int]  # type: ignore[no-untyped-def]
) -> None:
    with Ledger(tmp_path_factory.mktemp("ledger")) as ledger:
        fill(ledger, counts)
        visits = run(ledger, Frontier(ledger, FetchSettings(delay=1.0, concurrency=concurrency)), fails)
        assert not ledger.counts().get(("waiting", None))
    total = sum(counts.values())
    again = len([it for it in fails if it <= total])
    assert len(visits) == total + again
    assert len({it for _, _, it in visits}) == total
    times = defaultdict(list)
    for at, host, _ in visits:
        times[host].append(at)
    for host, at in times.items():
        if host != STORED:
            assert all(b - a >= 1.0 - 1e-9 for a, b in zip(at, at[1:], strict=False)), host


def test_hosts_take_turns(tmp_path: Path) -> None:
    """A host with many addresses does not hold up one with a few."""
    with Ledger(tmp_path) as ledger:
        fill(ledger, {"large": 50, "small": 2})
        visits = run(ledger, Frontier(ledger, FetchSettings(delay=1.0)))
    assert [host for _, host, _ in visits[:4]].count("small") == 2


def test_addresses_that_come_later_are_visited_too(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        fill(ledger, {"a": 1})
        frontier = Frontier(ledger, FetchSettings(delay=0.0))
        address = frontier.take(0.0)
        assert address is not None
        ledger.settle([Settled(address, State.SKIPPED, found=(Found("http://b/", "", "b"), Found("http://a/2", "", "a")))])
        frontier.heard_of()
        frontier.answered("a", 0.1, Outcome(0.1))
        frontier.left(address, 0.1)
        assert {host for _, host, _ in run(ledger, frontier)} == {"a", "b"}


def test_a_silent_host_is_down_after_a_while(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        fill(ledger, {"a": 1})
        frontier = Frontier(ledger, FetchSettings())
        assert frontier.take(0.0)
        for _ in range(DOWN):
            assert not frontier.is_down("a")
            frontier.answered("a", 0.0, Outcome(1.0, Reason.CONNECT))
        assert frontier.is_down("a")
