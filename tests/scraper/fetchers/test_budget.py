"""However many hosts send however much, memory stays bounded, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import random
import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.fetchers.budget import FREE, Budget
from scraper.fetchers.http import Fetcher
from tests.scraper.fetchers.site import Asked, page, serving

MIB = 1 << 20


@given(
    bodies=st.lists(st.integers(1, 12 * FREE), min_size=1, max_size=12),
    most=st.integers(FREE, 20 * FREE),
    seed=st.integers(0, 1000),
)
# The second in line looked first, then the first one had room: nobody told the second.
@example(bodies=[22_372, 894_437, 894_437], most=894_437, seed=366)
@settings(max_examples=150, deadline=None)
def test_all_bodies_come_and_the_bound_is_exceeded_by_one_of_them_at_most(
    bodies: list[int], most: int, seed: int
) -> None:
    chance = random.Random(seed)
    highest = 0

    async def body(budget: Budget, size: int) -> None:
        nonlocal highest
        async with asyncio.timeout(3600) as timer:
            with budget.hold(timer) as hold:
                while hold.size < size:
                    await hold.grow(min(size - hold.size, chance.randrange(1, FREE)))
                    highest = max(highest, budget.held)
                    if chance.random() < 0.5:
                        await asyncio.sleep(0)
            with budget.keep(size):
                highest = max(highest, budget.held)
                await asyncio.sleep(0)

    async def all_of_them() -> int:
        budget = Budget(most)
        async with asyncio.timeout(20):
            await asyncio.gather(*(body(budget, it) for it in bodies))
        return budget.held

    assert asyncio.run(all_of_them()) == 0
    assert highest <= most + max(bodies) + FREE * len(bodies)


def test_large_pages_of_many_hosts_come_one_after_another_and_small_ones_meanwhile() -> None:
    """Forty times two MiB with room for eight; none of them loses its time while it waits."""
    large, small = page(b"x" * (2 * MIB)), page()

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(small if asked.host.startswith("quick") else large)

    async def go() -> tuple[int, list[int]]:
        async with (
            serving(answer) as site,
            Fetcher(site.settings(max_in_memory=8 * MIB, deadline=20.0)) as fetcher,
        ):
            highest = 0

            async def one(name: str, slowly: float) -> int:
                nonlocal highest
                found = await fetcher.fetch(f"http://{name}.test/")
                with fetcher.budget.keep(len(found.html)):  # type: ignore[union-attr]
                    highest = max(highest, fetcher.budget.held)
                    await asyncio.sleep(slowly)
                return len(found.html)  # type: ignore[union-attr]

            large_ones = [asyncio.create_task(one(f"h{n}", 0.05)) for n in range(40)]
            await asyncio.sleep(0.1)
            quick = await asyncio.gather(*(one(f"quick{n}", 0.0) for n in range(10)))
            assert not all(it.done() for it in large_ones)
            sizes = await asyncio.gather(*large_ones)
            assert set(quick) == {len(b"<p>hello</p>")}
            return highest, sizes

    highest, sizes = asyncio.run(go())
    assert sizes == [2 * MIB] * 40
    assert highest <= 8 * MIB + 2 * MIB + 50 * FREE


def test_a_deadline_stands_still_while_there_is_no_room() -> None:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(page(b"x" * MIB))

    async def go() -> float:
        async with (
            serving(answer) as site,
            Fetcher(site.settings(max_in_memory=MIB, deadline=1.0)) as fetcher,
        ):
            begin = time.monotonic()
            with fetcher.budget.keep(MIB):
                waiting = asyncio.create_task(fetcher.fetch("http://a.test/"))
                await asyncio.sleep(1.5)
            await waiting
            return time.monotonic() - begin

    assert asyncio.run(go()) >= 1.5
