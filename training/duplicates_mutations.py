"""Makes copies and look-alikes of a text, to train and to stress the search for copies.

Nothing here knows a language: words are replaced by words of other texts, as a translation to and
fro replaces them by others, and the share that is replaced is drawn anew for every copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*\d|\d")
_END = re.compile(r"(?<=[.!?…][\s”\"’»])|(?<=[。！？])|(?<=[.!?…]\s)(?=\S)")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3041-\u30ff\u4e00-\u9fff]")

RESIDUE = (
    "Leave a Reply",
    "Your email address will not be published. Required fields are marked *",
    "You May Also Like",
    "READ ALSO: The ten best places for a weekend away",
    "Sign up for our newsletter and never miss a story.",
    "Follow us on Facebook, Twitter and Instagram",
    "Share this article with your friends",
    "Advertisement",
    "About the author: A devoted web lover, food expert and part-time dreamer.",
    "This site uses cookies. By continuing to browse you agree to our use of cookies.",
    "Copyright. All rights reserved. This material may not be published or redistributed.",
    "Related topics: news, world, business, sport",
    "Home World News Politics Sport",
    "Continue reading below",
    "Das könnte Sie auch interessieren",
    "Melden Sie sich für unseren Newsletter an",
    "Lire aussi : nos conseils pour bien dormir",
    "Suscríbete a nuestro boletín y recibe las noticias cada mañana",
    "Читайте также: погода на выходные",
    "相关阅读",
    "Tags: news, today, report",
    "Click here to view more stories like this one",
    "Support independent journalism. Donate today.",
    "Most read in this section",
    "Comments are closed.",
    "Photo: archive",
)


@dataclass(frozen=True)
class Text:
    """A text as numbered sentences: two texts share a sentence where they share its number."""

    sentences: tuple[tuple[int, str], ...]
    breaks: frozenset[int] = frozenset()  # places before which a paragraph begins

    def __str__(self) -> str:
        parts: list[str] = []
        for place, (_, sentence) in enumerate(self.sentences):
            if place:
                spaced = "" if _UNSPACED.search(sentence) else " "
                parts.append("\n\n" if place in self.breaks else spaced)
            parts.append(sentence)
        return "".join(parts)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(number for number, _ in self.sentences if number >= 0)


def split(text: str) -> Text:
    """The sentences of a text, roughly."""
    found: list[tuple[int, str]] = []
    breaks = set()
    for paragraph in text.split("\n"):
        pieces = [it.strip() for it in _END.split(paragraph) if it and it.strip()]
        if pieces:
            breaks.add(len(found))
        found += [(len(found) + place, it) for place, it in enumerate(pieces)]
    return Text(tuple(found), frozenset(breaks))


def _remade(sentences: Sequence[tuple[int, str]], random: Random) -> Text:
    """Sentences in paragraphs of one to three."""
    breaks, place = set(), 0
    while place < len(sentences):
        breaks.add(place)
        place += random.randint(1, 3)
    return Text(tuple(sentences), frozenset(breaks))


def reworded(text: Text, strength: float, vocabulary: Sequence[str], random: Random) -> Text:
    """The same report in other words; ``strength`` is the share of words that are replaced.

    Long words are replaced by ones of the vocabulary, mostly the same for the same; names and
    numbers stay, but some names are misspelt. Sentences are split, merged, turned and, rarely,
    left out.
    """
    others: dict[str, str] = {}
    misspelt = random.random() * 0.25

    def word(match: re.Match[str]) -> str:
        it = match[0]
        if it[0].isdigit():
            return it if random.random() > strength * 0.1 else str(random.randint(2, 99))
        if it[0].isupper() and len(it) > 2:
            if it not in others:
                others[it] = _misspelt(it, random) if random.random() < misspelt else it
            return others[it]
        if random.random() > strength:
            return it
        if it not in others or random.random() < 0.3:
            others[it] = random.choice(vocabulary) if random.random() < 0.85 else ""
        return others[it]

    def character(match: re.Match[str]) -> str:
        return match[0] if random.random() > strength * 0.6 else random.choice(vocabulary)[:1]

    found: list[tuple[int, str]] = []
    dropping = random.random() * 0.12
    for number, sentence in text.sentences:
        if random.random() < dropping:
            continue
        if len(_UNSPACED.findall(sentence)) * 3 > len(sentence):
            told = _UNSPACED.sub(character, sentence)
        else:
            told = re.sub(r"\s+", " ", _WORD.sub(word, sentence))
            told = _turned(told, strength, random)
        clauses = told.split(", ", 1)
        if len(clauses) == 2 and random.random() < 0.15 and min(map(len, clauses)) > 30:
            found += [(number, clauses[0] + "."), (number, clauses[1].capitalize())]
        elif found and random.random() < 0.08:
            found[-1] = (found[-1][0], found[-1][1].rstrip(".") + ", " + told)
        else:
            found.append((number, told))
    return _remade(found or list(text.sentences[:1]), random)


def _misspelt(name: str, random: Random) -> str:
    place = random.randrange(1, len(name))
    return name[:place] + random.choice("aehiknoru") + name[place + random.randint(0, 1) :]


def _turned(sentence: str, strength: float, random: Random) -> str:
    """Some clauses change places, some words move."""
    clauses = sentence.split(", ")
    if len(clauses) > 1 and random.random() < strength:
        random.shuffle(clauses)
    words = ", ".join(clauses).split(" ")
    for place in range(len(words) - 2):
        if random.random() < strength * 0.4:
            words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


def trimmed(text: Text, random: Random) -> Text:
    """The beginning, or the text without some sentences, at least 30 % of it."""
    count = len(text.sentences)
    keep = max(min(count, 4), round(count * random.uniform(0.3, 0.85)))
    if random.random() < 0.6:
        return _remade(text.sentences[:keep], random)
    # Whoever trims keeps what is new: the first sentence.
    chosen = [0, *sorted(random.sample(range(1, count), keep - 1))]
    return _remade([text.sentences[it] for it in chosen], random)


def led(text: Text, other: Text, random: Random) -> Text:
    """A local lead of another text's sentences before the report, up to half as long."""
    most = max(1, len(text.sentences) // 2)
    lead = [(-1, it) for _, it in other.sentences[: random.randint(1, min(8, most))]]
    return _remade([*lead, *text.sentences], random)


def littered(text: Text, random: Random) -> Text:
    """With what a website leaves around and between the sentences."""
    found = list(text.sentences)
    for line in random.sample(RESIDUE, random.randint(2, 10)):
        place = random.choice((0, len(found), len(found), random.randint(0, len(found))))
        found.insert(place, (-1, line))
    return Text(tuple(found), frozenset(range(len(found))))


def corrected(text: Text, random: Random) -> Text:
    """Some or all figures changed, names and words kept; sometimes with a note that says so."""
    share = random.choice((0.2, 0.5, 0.9))

    def word(match: re.Match[str]) -> str:
        it = match[0]
        return _number(it, random) if it[0].isdigit() and random.random() < share else it

    found = [(number, _WORD.sub(word, it)) for number, it in text.sentences]
    if random.random() < 0.4:
        found.insert(
            random.randint(0, len(found)),
            (-1, "The figures were corrected on the evening after officials had counted again."),
        )
    return Text(tuple(found), text.breaks)


def _number(it: str, random: Random) -> str:
    place = random.randrange(len(it))
    changed = str(random.randint(1, 9)) if it[place].isdigit() else it[place]
    return it[:place] + changed + it[place + 1 :]


def shuffled(text: Text, random: Random) -> Text:
    """Paragraphs in another order; the first mostly stays first."""
    head, rest = list(text.sentences[:2]), list(text.sentences[2:])
    pieces = [rest[place : place + 2] for place in range(0, len(rest), 2)]
    random.shuffle(pieces)
    return _remade([*head, *(it for piece in pieces for it in piece)], random)


def refilled(text: Text, vocabulary: Sequence[str], random: Random) -> Text:
    """The same template about something else: other names and numbers, no copy."""
    others: dict[str, str] = {}
    names, plain = random.uniform(0.7, 1), random.uniform(0, 0.3)

    def word(match: re.Match[str]) -> str:
        it = match[0]
        if it[0].isdigit():
            return _number(_number(it, random), random) if random.random() < 0.9 else it
        if it[0].isupper() and len(it) > 2:
            if it not in others:
                others[it] = random.choice(vocabulary).capitalize()
                if random.random() > names:
                    others[it] = it
            return others[it]
        return random.choice(vocabulary) if random.random() < plain else it

    found = []
    for _, sentence in text.sentences:
        changed = _WORD.sub(word, sentence)
        if changed == sentence and random.random() < 0.7:
            continue
        found.append((-1, changed))
    return _remade(found or [(-1, random.choice(vocabulary))], random)


def issued_anew(text: Text, vocabulary: Sequence[str], random: Random) -> Text:
    """Tomorrow's issue of a regular report: its names stay, figures and findings do not."""
    touched = random.uniform(0.75, 1)
    plain = random.uniform(0.1, 0.35)
    found = []
    for _, sentence in text.sentences:
        changed = sentence
        if random.random() < touched:
            changed = _WORD.sub(
                lambda match: _reissued(match[0], plain, vocabulary, random), sentence
            )
        found.append((-1, changed))
    return Text(tuple(found), text.breaks)


def _reissued(it: str, plain: float, vocabulary: Sequence[str], random: Random) -> str:
    if it[0].isdigit():
        return _number(_number(it, random), random)
    if it[0].isupper() or len(it) < 4 or random.random() > plain:
        return it
    return random.choice(vocabulary)


def followed_up(text: Text, random: Random) -> tuple[Text, Text] | None:
    """Two reports about the same people: each has news of its own, and both repeat background.

    The background is one sentence to more than half of the second report; it never holds the news
    that the first report leads with.
    """
    count = len(text.sentences)
    if count < 14:
        return None
    if random.random() < 0.5:
        # The second report: its own news first, then a stretch of the first report's background.
        whole = min(count, random.randint(14, 28))
        own = random.randint(3, max(3, whole // 3))
        first = text.sentences[: whole - own]
        news = text.sentences[whole - own : whole]
        size = random.randint(1, max(1, min(len(first) - 3, round(own * 1.7))))
        at = random.randint(2, len(first) - size)
        tail = first[at : at + size]
        cut = random.choice((0, 0, 1))
        return _remade(first, random), _remade([*news[cut:], *tail, *news[:cut]], random)
    order = list(text.sentences)
    background = [order.pop(random.randrange(2, len(order))) for _ in range(random.randint(0, 4))]
    if random.random() < 0.5:
        halves = order[0::2], order[1::2]
    else:
        middle = len(order) // 2
        halves = order[:middle], order[middle:]
    most = max(6, random.randint(6, 16))
    return (
        _remade([*halves[0][:most], *background], random),
        _remade([*halves[1][:most], *background], random),
    )


def quoted(text: Text, other: Text, random: Random) -> Text:
    """Another text that quotes one to three successive sentences: no copy."""
    count = random.randint(1, min(3, len(text.sentences)))
    at = random.randint(0, len(text.sentences) - count)
    host = [(-1, it) for _, it in other.sentences[: random.randint(4, 14)]]
    place = random.randint(0, len(host))
    return _remade([*host[:place], *text.sentences[at : at + count], *host[place:]], random)


def gathered(texts: Sequence[Text], random: Random) -> Text:
    """A roundup: several reports one after the other, each trimmed a little or not at all."""
    found: list[tuple[int, str]] = []
    for text in texts:
        share = random.choice((1.0, 1.0, 0.7))
        found += [
            (-1, it) for _, it in text.sentences[: max(3, round(len(text.sentences) * share))]
        ]
    return _remade(found, random)
