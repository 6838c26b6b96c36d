"""Rules on the form of a single block: share bars, menus in a line, stamps of time.

Nothing here reads a language; the few names are those of services that are called so everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.blocks import Kind
from cleaners.boilerplate.looks import Looks
from cleaners.labels import Label, Vote
from cleaners.text.fold import fold

# Measured by benchmarks/rules.py: share of the blocks hit that are not in the gold text.
CONFIDENCE = {
    "shape.share-bar": 0.92,
    "shape.menu-line": 0.88,
    "shape.stamp": 0.92,
    "shape.rights": 0.94,
    "shape.nothing-said": 0.97,
    "shape.script": 0.97,
    "shape.required-field": 0.98,
}

_NAMES = (
    "facebook twitter whatsapp telegram linkedin pinterest reddit viber vk vkontakte odnoklassniki"
    " messenger flipboard instagram youtube tiktok bluesky mastodon tumblr snapchat xing weibo"
    " wechat kakaotalk google"
)
# Ordinary words as well; a bar needs a name beside them.
_BESIDE = (
    "x e mail email print copy link tweet pin pinit line pocket share threads plus gmail sms rss"
)
_SERVICES = frozenset(fold(_NAMES).split())
_OTHERS = frozenset(fold(_BESIDE).split())
_BAR_LONGEST = 14  # words
_FIELD_LONGEST = 3  # words of "Comment *" or "E-mail *"
_MARKED_TIGHT = 2  # words

_PARTED = re.compile(r"\s[|•·/]\s|\s*[»›>→▸]\s*")
_PART = re.compile("[|•·/»›>→▸]")
_ENTRY_LONGEST = 5  # words in an entry of a menu
_MENU_ENTRIES = 4
_MENU_LONGEST = 80  # words
_MENUS_MOST = 3

# Day, month and year in figures, an ISO date, or a time of day.
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}年")
_TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\b|\d{1,2}[時时]\d{1,2}分")
_YEAR = re.compile(r"(?<![\d-])\b(?:19|20)\d{2}\b")
_STAMP_LONGEST = 10  # words
_STAMPS_MOST = 4
_DAYS_FEWEST = 2
_SENTENCE = 4  # words
# "Copyright" alone may head a story about it.
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)|copyright\b\W*(?:©|\(c\)|by\b|of\b|(?:19|20)\d{2}|$))"
    r"|©\s*(?:19|20)\d{2}|^\W*copyright\b.*\b(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
# What adverts and counters are called in the scripts that an extractor took for text.
_SCRIPT = re.compile(
    r"\badsbygoogle\b|\bgoogletag\b|\b_?taboola\b|\bdataLayer\b|\b(?:fbq|gtag|ga)\(|\.push\(\{"
    r"|\bdocument\.(?:write|getElement|createElement)|\bwindow\.\w+\s*=|\(function\s*\("
)
# A line without any of these is none, and sentences with brackets are many.
_SCRIPTED = (
    *("adsbygoogle", "googletag", "taboola", "dataLayer", "fbq(", "gtag(", "ga(", ".push({"),
    *("document.", "window.", "(function"),
)
_RIGHTS_WORDS = frozenset({"copyright", "c"})
_RIGHTS_LONGEST = 40  # words


def shape_votes(looks: Looks) -> Iterator[Vote]:
    """Votes on blocks whose form alone tells what they are."""
    texts = looks.blocks.texts
    for at, (words, length) in enumerate(zip(looks.words, looks.lengths, strict=True)):
        if length > _RIGHTS_LONGEST or (words and _shows_nothing(words, length, texts[at])):
            continue
        for label, rule, evidence in _seen(looks, at):
            yield Vote(looks.blocks.index(at), label, rule, CONFIDENCE[rule], evidence)
    yield from _menus(looks)
    yield from _stamps(looks)


def _shows_nothing(words: list[str], length: int, text: str) -> bool:
    """Whether a line of words has none of the signs that lead to a vote; of most, that is so."""
    return (
        (length > _BAR_LONGEST or _SERVICES.isdisjoint(words))
        and ("(" not in text or not any(map(text.__contains__, _SCRIPTED)))
        and "©" not in text
        and text[-1] != "*"
        and words[0] not in _RIGHTS_WORDS
    )


def _seen(looks: Looks, at: int) -> Iterator[tuple[Label, str, str]]:
    words, length, text = looks.words[at], looks.lengths[at], looks.blocks.texts[at]
    if looks.blocks.kinds[at] in (Kind.TABLE, Kind.CODE):
        return
    if not words:
        # Three stars part two sections of a story; a lone dash is an item with nothing in it.
        signs = text.replace(" ", "")
        if len(text) <= 3 and not looks.closed[at] and (len(signs) == 1 or len(set(signs)) > 1):
            yield Label.NAVIGATION, "shape.nothing-said", f"only signs: {text[:10]}"
        return
    if "(" in text and _SCRIPT.search(text):
        yield Label.ADVERT, "shape.script", "a script's words"
    # A star tight behind several words is a footnote's.
    is_marked = text.endswith(" *") or (text.endswith("*") and length <= _MARKED_TIGHT)
    if length <= _FIELD_LONGEST and is_marked and text.count("*") == 1:
        yield Label.COMMENT_FORM, "shape.required-field", "a field marked as required"
    if length <= _BAR_LONGEST:
        named = _SERVICES.intersection(words)
        if len(named) >= 2:
            services = sum(it in _SERVICES or it in _OTHERS for it in words)
            if services >= 0.6 * len(words):
                yield Label.SHARING, "shape.share-bar", f"{services} of {len(words)} words"
    if (words[0] in _RIGHTS_WORDS or "©" in text) and _RIGHTS.search(text):
        yield Label.LEGAL, "shape.rights", "a copyright line"


def _menus(looks: Looks) -> Iterator[Vote]:
    """Lines of parted entries before the story or after it; many of them are a table."""
    found: list[tuple[int, int]] = []
    kinds, texts = looks.blocks.kinds, looks.blocks.texts
    for at, is_closed in enumerate(looks.closed):
        if is_closed or looks.lengths[at] > _MENU_LONGEST or not _PART.search(texts[at]):
            continue
        if kinds[at] in (Kind.TABLE, Kind.CODE):
            continue
        entries = [it.split() for it in _PARTED.split(texts[at]) if it.strip()]
        named = sum(it[0][0].isalpha() for it in entries)
        if named >= _MENU_ENTRIES and max(map(len, entries)) <= _ENTRY_LONGEST:
            found.append((at, len(entries)))
    start, end = looks.story
    for at, size in found if len(found) <= _MENUS_MOST else ():
        if at < start or at >= end:
            rule = "shape.menu-line"
            index, evidence = looks.blocks.index(at), f"{size} short entries"
            yield Vote(index, Label.NAVIGATION, rule, CONFIDENCE[rule], evidence)


def _stamps(looks: Looks) -> Iterator[Vote]:
    """Dates that stand alone before the story or after it; many of them are a list of dates, and
    those with a sentence under them head what happened on the day."""
    found = [
        (at, stamp)
        for at, length in enumerate(looks.lengths)
        if length <= _STAMP_LONGEST
        and (words := looks.words[at])
        and looks.blocks.kinds[at] is not Kind.TABLE
        and (stamp := _stamp(looks.blocks.texts[at], words))
    ]
    if len(found) > _STAMPS_MOST:
        return
    start, end = looks.story
    days = {at for at, _ in found if _heads_a_sentence(looks, at)}
    for at, stamp in found:
        if len(days) >= _DAYS_FEWEST and at in days:
            continue
        if at < start or at >= end:
            rule = "shape.stamp"
            index = looks.blocks.index(at)
            yield Vote(index, Label.UPDATE_STAMP, rule, CONFIDENCE[rule], f"{stamp} alone")


def _heads_a_sentence(looks: Looks, at: int) -> bool:
    """Whether sentences stand above and below a line, as in a chronicle."""
    return 0 < at < len(looks.blocks) - 1 and all(
        looks.closed[place] and looks.lengths[place] >= _SENTENCE for place in (at - 1, at + 1)
    )


def _stamp(text: str, words: list[str]) -> str | None:
    """What of a short block is date and time, if that is nearly all of it."""
    figures = sum([it[0].isdigit() for it in words])
    if figures * 2 < len(words):
        return None
    date = _DATE.search(text) or _YEAR.search(text)
    time = _TIME.search(text)
    if not date or (text[-1:] in ".!?" and not time):
        return None
    if figures * 2 < len(words) + (0 if time else 1):
        return None
    return "date and time" if time else "date"
