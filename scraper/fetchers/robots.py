"""Reads a robots.txt (RFC 9309) for one robot: may it, how often, and where the sitemaps are.

Paths are matched by protego. What it leaves open is done before: the byte order mark, the size,
the number of rules, and whose group it is (to protego a group for ``foo`` is also ``foobot``'s).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from protego import Protego

MOST_BYTES = 500 << 10  # RFC 9309 section 2.5
# Every rule is tried on every address; protego took 10.9 s for 50,000 with wildcards.
MOST_RULES = 5_000
MOST_WILDCARDS = 50  # in one rule; nobody needs more than a handful
MOST_SITEMAPS = 1_000
DAY = 86_400.0  # seconds; RFC 9309 section 2.4: a copy is not used for longer than that
SOON = 600.0  # seconds after which a server in trouble is asked again

_TOKEN = re.compile(r"[A-Za-z_-]+|\*")  # RFC 9309 section 2.2.1
# Spellings seen in the wild; Google's parser takes them as well.
_FIELDS = {
    "useragent": "user-agent",
    "dissallow": "disallow",
    "dissalow": "disallow",
    "disalow": "disallow",
    "diasllow": "disallow",
    "disallaw": "disallow",
    "crawldelay": "crawl-delay",
    "site-map": "sitemap",
}


class Verdict(StrEnum):
    RULES = "rules"  # there is a file, and it decides
    ALL = "all"  # there is none: everything may be asked for
    NOTHING = "nothing"  # nobody knows; RFC 9309 section 2.3.1.4 says to stay away


@dataclass(frozen=True, slots=True)
class Robots:
    """``crawl_delay`` in seconds; ``good_for``: seconds after which to ask for the file anew."""

    verdict: Verdict
    why: str
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    good_for: float = DAY
    count: int = 0  # of rules; protego takes about 600 bytes for each
    rules: Protego | None = field(default=None, compare=False, repr=False)

    def allows(self, url: str) -> bool:
        if self.verdict is Verdict.RULES and self.rules is not None:
            return bool(self.rules.can_fetch(url, "*"))
        return self.verdict is not Verdict.NOTHING


def read_robots(status: int | None, body: bytes, robot: str) -> Robots:
    """``status``: that of the last answer, None if there was none; ``robot``: our own name.

    Whatever the body is, the result says what may be done; nothing is raised.

    >>> robots = read_robots(200, b"User-agent: *\\nDisallow: /private/", "winnow-news")
    >>> robots.allows("http://a.test/private/x"), robots.allows("http://a.test/news")
    (False, True)
    """
    if status is None:
        return Robots(Verdict.NOTHING, "no answer", good_for=SOON)
    # 429 is a 4xx, but one that asks us to stay away rather than one that says "there is none".
    if status >= 500 or status == 429:
        return Robots(Verdict.NOTHING, f"status {status}", good_for=SOON)
    if status >= 300:
        return Robots(Verdict.ALL, f"status {status}")
    text = body[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
    return _read(text, robot.lower())


def _read(text: str, robot: str) -> Robots:
    own: list[str] = []
    anyone: list[str] = []
    named = False
    into: list[list[str]] = []  # where the group's lines go
    opening = False  # the last line named a robot
    delays: dict[int, float] = {}
    sitemaps: list[str] = []
    for name, value in _lines(text):
        if name == "sitemap":
            sitemaps.append(value)
        elif name == "user-agent":
            if not opening:
                into, opening = [], True
            token = _TOKEN.match(value)
            if token and token.group() == "*":
                into.append(anyone)
            elif token and token.group().lower() == robot:
                named = True
                into.append(own)
        elif name == "crawl-delay":
            # No rule of RFC 9309, so it does not end the list of names (section 2.2.4); where that
            # makes one group of two, the longer delay is the polite one.
            for rules in into:
                delays[id(rules)] = max(_seconds(value) or 0.0, delays.get(id(rules), 0.0))
        elif name in ("allow", "disallow"):
            opening = False
            for rules in into:
                rules.append(f"{name}: {value}")
    chosen = own if named else anyone
    usable = [it for it in chosen if it.count("*") <= MOST_WILDCARDS][:MOST_RULES]
    why = f"{len(usable)} rules for {robot if named else '*'}"
    if len(usable) < len(chosen):
        why += f", {len(chosen) - len(usable)} left out"
    return Robots(
        Verdict.RULES,
        why,
        crawl_delay=delays.get(id(chosen)) or None,
        sitemaps=tuple(dict.fromkeys(sitemaps))[:MOST_SITEMAPS],
        count=len(usable),
        rules=Protego.parse("\n".join(["User-agent: *", *usable])),
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Field and value of each line that has both; an empty value stands for "no rule"."""
    for line in re.split(r"\r\n|\r|\n", text):
        content = line.partition("#")[0].strip()
        name, colon, value = content.partition(":")
        if not colon:
            name, _, value = content.partition(" ")
        name = name.strip().lower().replace(" ", "-")
        name = _FIELDS.get(name, name)
        if value.strip() or name in ("allow", "disallow"):
            yield name, value.strip()


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None
