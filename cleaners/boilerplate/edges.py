"""Rules on the head and the tail of a text: headline, its repetition, breadcrumb, copies of blocks.

The head is what stands before the first paragraph of the story.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from cleaners.blocks import Kind
from cleaners.boilerplate.looks import Looks
from cleaners.labels import Label, Vote
from cleaners.text.fold import fold

# Measured by benchmarks/rules.py, see there.
CONFIDENCE = {
    "edges.headline": 0.9,
    "edges.repeated-headline": 0.93,
    "edges.headline-again": 0.95,
    "edges.breadcrumb": 0.97,
    "edges.breadcrumb-words": 0.7,
    "edges.copy": 0.97,
    "edges.byline": 0.9,
    "edges.name-line": 0.7,
}

_HEAD_LONGEST = 12  # blocks
_HEADLINE_WORDS = (3, 30)
# Words before the headline in a breadcrumb.
_TRAIL_LONGEST = 9
# What the first entry of a breadcrumb is called; a word of each language in which that is one word.
_HOME = (
    "home homepage startseite start accueil inicio início inicial portada strona главная головна"
    " anasayfa beranda trang hem hjem forside domu acasă etusivu αρχική főoldal kezdőlap"
    " الرئيسية होम 首 홈 ホ"
)
# The same where it is more than a word, or is written without spaces.
_HOMES = (
    "strona główna|trang chủ|головна сторінка|главная страница|الصفحة الرئيسية|ana sayfa"
    "|página inicial|página principal|page d'accueil|hlavní stránka|úvodní stránka|front page"
    "|halaman utama|首页|首頁|主页|トップ|トップページ|ホーム|मुखपृष्ठ|मुख्य पृष्ठ"
)
_SEPARATED = re.compile(r"\s[|/·•-]\s|[»›>→❯]")
# What some sites say before the trail, in whatever language: "You are here: Home > News".
_YOU_ARE_HERE = re.compile(r"^[^:：]{2,30}[:：]")
# Words behind the headline that name the site: "Storm hits coast | The Daily Post".
_SITE_LONGEST = 6
_SECTION_LONGEST = 2  # words
# One short word in small letters ("von", "di", "por"), then two to four words with a capital.
_NAME = re.compile(
    r"(?:\w{1,5}:? )?(?:[^\W\d_a-z][\w.'’-]*[^\W\d_.!?:]\.?)"
    r"(?: (?:(?:de|van|von|der|den|di|da|el|al|bin|la|le) )*[^\W\d_a-z][\w.'’-]*){1,3}"
)
_NAME_LONGEST = 6  # words
# How a byline begins, in languages that write the name after it.
_BY = (
    "by von par por di de da door av af od przez autor autora autorka text texto testo tekst"
    " от автор автора від текст yazan oleh penulis reporter skrevet bởi teksti szerző írta της του"
)
# A refrain is shorter, and returns on purpose.
_COPY_SHORTEST = 20  # words


@cache
def _home() -> frozenset[str]:
    """Folded at first use: the tables for scripts other than Latin take their time."""
    return frozenset(fold(_HOME).split())


@cache
def _homes() -> frozenset[str]:
    """The first entries of a breadcrumb, whole."""
    return _home() | frozenset(map(fold, _HOMES.split("|")))


@cache
def _by() -> frozenset[str]:
    return frozenset(fold(_BY).split())


def edge_votes(looks: Looks, title: str | None = None) -> Iterator[Vote]:
    """Votes that follow from the head of the text, and from a block that stands there twice."""
    spoken: set[int] = set()
    for at, label, rule, evidence in (
        *_trails(looks),
        *_head(looks, title),
        *_copies(looks),
        *_names(looks),
    ):
        if at not in spoken:
            spoken.add(at)
            yield Vote(looks.blocks.index(at), label, rule, CONFIDENCE[rule], evidence)


def _head(looks: Looks, title: str | None) -> Iterator[tuple[int, Label, str, str]]:
    until = min(looks.story[0], _HEAD_LONGEST)
    said = [" ".join(it) for it in looks.words[:until]]
    headline = _headline(looks, said, fold(title) if title else "")
    if not headline:
        return
    own = headline.split()
    first = next((at for at, it in enumerate(said) if it == headline), None)
    if first is not None:
        yield first, Label.HEADLINE, "edges.headline", "the headline"
    for at, it in enumerate(said):
        if at == first:
            continue
        words = looks.words[at]
        before, after = len(words) - len(own), it.removeprefix(headline)
        if it == headline:
            yield at, Label.REPEATED_HEADLINE, "edges.repeated-headline", "the headline again"
        elif 0 < before <= _TRAIL_LONGEST and words[before:] == own and first is not None:
            is_trail = words[0] in _home() or _SEPARATED.search(looks.blocks.texts[at])
            rule = "edges.breadcrumb" if is_trail else "edges.breadcrumb-words"
            if is_trail or at < first:
                yield at, Label.BREADCRUMB, rule, f"ends in the headline, {before} words before"
        elif after != it and 0 < len(after.split()) <= _SITE_LONGEST and first is not None:
            yield at, Label.REPEATED_HEADLINE, "edges.repeated-headline", "headline and a name"
    for at in range(until, len(looks.blocks)):
        if len(own) >= 4 and looks.words[at] == own:
            yield at, Label.REPEATED_HEADLINE, "edges.headline-again", "the headline again"


def _headline(looks: Looks, said: list[str], title: str) -> str:
    """The folded headline: the title if it is known, else what the head says twice, else its first
    line that is neither breadcrumb nor date, if that looks like one."""
    if title and title in said:
        return title
    least, most = _HEADLINE_WORDS
    for at, it in enumerate(said):
        if least <= looks.lengths[at] <= most and _is_echoed(it, said, at):
            return it
    first = next((at for at in range(len(said)) if not _is_other(looks, at)), 0)
    if said and least <= looks.lengths[first] <= most and not looks.closed[first]:
        return said[first]
    return title


def _is_echoed(line: str, said: list[str], at: int) -> bool:
    """Whether another line of the head is this line, or this line with something around it."""
    return any(
        other == line or other.endswith(f" {line}") or other.startswith(f"{line} ")
        for place, other in enumerate(said)
        if place != at
    )


def _trails(looks: Looks) -> Iterator[tuple[int, Label, str, str]]:
    """Lines of the head that begin at the site's home, wherever they lead."""
    for at in range(min(looks.story[0], _HEAD_LONGEST)):
        if _is_trail(looks, at):
            yield at, Label.BREADCRUMB, "edges.breadcrumb", "begins at the site's home"


def _is_other(looks: Looks, at: int) -> bool:
    """Whether a line above the headline shows what it is: a breadcrumb, sections of the site
    ("Markets | Shipping"), or mostly figures."""
    words = looks.words[at]
    if 2 * sum(it.isdigit() for it in words) >= len(words) or _is_trail(looks, at):
        return True
    entries = _SEPARATED.split(looks.blocks.texts[at])
    return len(entries) > 1 and max(len(it.split()) for it in entries) <= _SECTION_LONGEST


def _is_trail(looks: Looks, at: int) -> bool:
    text = looks.blocks.texts[at]
    entries = _SEPARATED.split(text)
    if len(entries) == 1:
        return False
    # A single dash may be one in a headline, after a word such as "Home".
    is_sure = len(entries) > 2 or " - " not in text
    home = _YOU_ARE_HERE.sub("", entries[0])
    return is_sure and fold(home) in _homes()


def _copies(looks: Looks) -> Iterator[tuple[int, Label, str, str]]:
    """A long block that stands in the text a second time."""
    kinds, words = looks.blocks.kinds, looks.words
    long = [
        at
        for at, it in enumerate(looks.lengths)
        if it >= _COPY_SHORTEST and kinds[at] is not Kind.CODE
    ]
    # Most texts show by a few words of each block that no two are the same.
    if len({(len(it := words[at]), it[1], it[-1]) for at in long}) == len(long):
        return
    seen: dict[str, int] = {}
    for at in long:
        first = seen.setdefault(" ".join(words[at]), at)
        if first != at:
            yield at, Label.REPEATED, "edges.copy", f"the same as block {first}"


def _names(looks: Looks) -> Iterator[tuple[int, Label, str, str]]:
    """Lines between headline and story that are a name, perhaps with a "by" in any language."""
    for at in range(1, min(looks.story[0], _HEAD_LONGEST)):
        text = looks.blocks.texts[at]
        if looks.lengths[at] <= _NAME_LONGEST and not looks.closed[at] and _NAME.fullmatch(text):
            is_by = looks.words[at][0] in _by()
            rule = "edges.byline" if is_by else "edges.name-line"
            yield at, Label.BYLINE, rule, "a name between headline and story"
